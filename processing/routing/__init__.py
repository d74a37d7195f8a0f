"""The route optimiser: a day's planning problem in, tours out; see docs/routing.md for model and algorithm.

`processing.routing.solve.solve` is the way in. Importing this package alone loads no compiler, so that
`processing.routing.warm.use_cache` can still choose where compiled kernels are kept.
"""
