# syntax=docker/dockerfile:1
# One image for every service; the command says which: landpuls ingest | work | serve | migrate | simulate.

ARG PYTHON=3.13-slim-bookworm

# The wheel, with the dashboard inside; Node comes from the build lock.
FROM python:${PYTHON} AS wheel
WORKDIR /src
COPY requirements/build.lock requirements/build.lock
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements/build.lock
COPY . .
RUN hatchling build -t wheel -d /dist

# Everything that runs, in one folder.
FROM python:${PYTHON} AS environment
RUN python -m venv /opt/landpuls
COPY requirements/runtime.lock /tmp/runtime.lock
RUN /opt/landpuls/bin/pip install --no-cache-dir --no-deps --require-hashes -r /tmp/runtime.lock
COPY --from=wheel /dist /dist
RUN /opt/landpuls/bin/pip install --no-cache-dir --no-deps --no-index /dist/*.whl

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="Landpuls" \
      org.opencontainers.image.licenses="EUPL-1.2"
RUN groupadd --gid 10001 landpuls \
    && useradd --uid 10001 --gid landpuls --no-create-home --shell /usr/sbin/nologin landpuls \
    && install -d -o landpuls -g landpuls -m 0700 /var/lib/landpuls
COPY --from=environment /opt/landpuls /opt/landpuls
ENV PATH=/opt/landpuls/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONSAFEPATH=1 \
    LANDPULS_HOME=/var/lib/landpuls \
    LANDPULS_LOG__FORMAT=json
USER 10001:10001
WORKDIR /var/lib/landpuls
VOLUME /var/lib/landpuls
ENTRYPOINT ["landpuls"]
CMD ["--help"]
