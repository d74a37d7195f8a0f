"""The profiles that an installation knows: those bundled, and those in the operator's own folder."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from device_profiles.binding import Binding
from device_profiles.parse import load_profile
from device_profiles.profile import Profile
from domain.errors import NotFound, ProfileError
from domain.things import Installation

BUNDLED = Path(__file__).parent


class Profiles:
    """Profiles by key (`vendor/device`)."""

    def __init__(self, profiles: Iterable[Profile] = ()) -> None:
        self._profiles: dict[str, Profile] = {}
        self._bindings: dict[int, Binding] = {}
        for profile in profiles:
            self._profiles[profile.key] = profile

    @classmethod
    def load(cls, folder: Path | None = None) -> "Profiles":
        """Load the bundled profiles, and those in a folder of the same shape; the folder's stand before bundled ones.

        Raises
        ------
        ProfileError
            If a file is no profile, or lies elsewhere than its vendor and device say.
        """
        return cls([*bundled(), *(() if folder is None else read_folder(folder))])

    def get(self, key: str) -> Profile | None:
        """The profile, or None."""
        return self._profiles.get(key)

    def bind(self, installation: Installation) -> Binding | None:
        """The installation's profile bound to it, remembered for its next uplink; None if there is no such profile."""
        binding = self._bindings.get(installation.id)
        if binding is None or binding.installation is not installation:
            profile = self._profiles.get(installation.profile_key)
            if profile is None:
                return None
            binding = self._bindings[installation.id] = Binding(profile, installation)
        return binding

    def __getitem__(self, key: str) -> Profile:
        profile = self.get(key)
        if profile is None:
            raise NotFound(f"no profile {key!r}; there are: {', '.join(sorted(self._profiles))}")
        return profile

    def __iter__(self) -> Iterator[Profile]:
        return iter(self._profiles.values())

    def __len__(self) -> int:
        return len(self._profiles)


def read_folder(folder: Path) -> list[Profile]:
    """Read `<vendor>/<device>.toml` in a folder, in the order of their keys."""
    if not folder.is_dir():
        raise ProfileError(f"{folder} is no folder; create it, or correct the setting")
    return [_placed(path) for path in sorted(folder.glob("*/*.toml"))]


def _placed(path: Path) -> Profile:
    profile = load_profile(path)
    if path.parts[-2:] != (profile.vendor, f"{profile.device}.toml"):
        raise ProfileError(
            f"{path}: vendor and device say {profile.key}; move it to {profile.key}.toml or correct them"
        )
    return profile


@cache
def bundled() -> tuple[Profile, ...]:
    """The profiles that come with Landpuls."""
    return tuple(read_folder(BUNDLED))
