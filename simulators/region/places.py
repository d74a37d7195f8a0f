"""The district's municipalities, Ämter and their real places: names, ARS keys, coordinates.

Coordinates are those of the places' middle (longitude, latitude, WGS 84, about 100 m). How many collection sites a
place has, its character and its market days are invented.
"""

from dataclasses import dataclass

from simulators.region.model import Character, EnvelopeKind, Organisation

DISTRICT_KEY = "120660000000"
ASSOCIATION_KEY = "abfallverband-lausitzpuls"

C, E, V, T, B = Character.CENTRE, Character.ESTATE, Character.VILLAGE, Character.TOURISM, Character.COMMERCE


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A town, quarter or village with the number of collection sites in it."""

    organisation_key: str
    postcode: str
    town: str
    name: str
    longitude: float
    latitude: float
    character: Character
    sites: int
    rank: int


_TTS, _CS, _OWN = EnvelopeKind.THE_THINGS_STACK, EnvelopeKind.CHIRPSTACK, EnvelopeKind.LANDPULS

_MUNICIPALITIES: tuple[tuple[str, str, str, float, float, EnvelopeKind, tuple[int, ...]], ...] = (
    ("120660052052", "Stadt Calau", "municipality", 13.9510, 51.7440, _TTS, (4,)),
    ("120660112112", "Stadt Großräschen", "municipality", 14.0109, 51.5876, _TTS, (3, 6)),
    ("120660176176", "Stadt Lauchhammer", "municipality", 13.7662, 51.4881, _CS, (2, 5)),
    ("120660196196", "Stadt Lübbenau/Spreewald", "municipality", 13.9667, 51.8672, _CS, (4, 6)),
    ("120660285285", "Gemeinde Schipkau", "municipality", 13.8956, 51.5206, _OWN, (3,)),
    ("120660296296", "Stadt Schwarzheide", "municipality", 13.8556, 51.4767, _CS, (5,)),
    ("120660304304", "Stadt Senftenberg", "municipality", 14.0016, 51.5252, _TTS, (2, 5)),
    ("120660320320", "Stadt Vetschau/Spreewald", "municipality", 14.0794, 51.7810, _CS, (4,)),
    ("120665601000", "Amt Altdöbern", "amt", 14.0333, 51.6500, _TTS, (3,)),
    ("120665606000", "Amt Ortrand", "amt", 13.7598, 51.3751, _OWN, (5,)),
    ("120665607000", "Amt Ruhland", "amt", 13.8664, 51.4576, _OWN, (4,)),
)

MUNICIPALITY_KEYS = tuple(row[0] for row in _MUNICIPALITIES)

# organisation's digits in its key, postcode and post town, then (place, longitude, latitude, character, sites, rank)
_PLACES: tuple[tuple[str, str, str, tuple[tuple[str, float, float, Character, int, int], ...]], ...] = (
    (
        "120660304304",
        "01968",
        "Senftenberg",
        (
            ("Senftenberg", 14.0016, 51.5199, C, 6, 0),
            ("Senftenberg Bahnhof", 14.0037, 51.5262, B, 2, 3),
            ("Senftenberg West", 13.9802, 51.5210, E, 6, 3),
            ("Senftenberg Süd", 13.9895, 51.5120, E, 5, 3),
            ("Senftenberg Laugkfeld", 13.9850, 51.5155, B, 2, 3),
            ("Senftenberg Stadthafen", 14.0082, 51.5145, T, 2, 3),
            ("Buchwalde", 14.0190, 51.5132, T, 2, 2),
            ("Brieske", 13.9665, 51.5019, V, 3, 2),
            ("Niemtsch", 13.9811, 51.4936, T, 2, 2),
            ("Peickwitz", 13.9840, 51.4620, V, 2, 2),
            ("Hosena", 14.0200, 51.4545, V, 3, 2),
            ("Großkoschen", 14.0560, 51.4903, T, 3, 2),
            ("Kleinkoschen", 14.0698, 51.5059, V, 2, 2),
            ("Sedlitz", 14.0568, 51.5529, V, 2, 2),
        ),
    ),
    (
        "120660176176",
        "01979",
        "Lauchhammer",
        (
            ("Lauchhammer", 13.7585, 51.4942, C, 3, 0),
            ("Lauchhammer-West", 13.7385, 51.4800, E, 5, 2),
            ("Lauchhammer-Ost", 13.7903, 51.5000, E, 5, 2),
            ("Lauchhammer-Süd", 13.7759, 51.4735, V, 3, 2),
            ("Lauchhammer Gewerbepark", 13.7322, 51.4870, B, 2, 3),
            ("Kleinleipisch", 13.7528, 51.5106, V, 2, 2),
            ("Grünewalde", 13.7119, 51.5129, T, 2, 2),
            ("Kostebrau", 13.8277, 51.5254, V, 2, 2),
        ),
    ),
    (
        "120660196196",
        "03222",
        "Lübbenau/Spreewald",
        (
            ("Lübbenau", 13.9672, 51.8672, T, 4, 0),
            ("Lübbenau Neustadt", 13.9480, 51.8600, E, 7, 2),
            ("Lübbenau Süd", 13.9575, 51.8480, B, 2, 3),
            ("Lehde", 13.9892, 51.8662, T, 2, 2),
            ("Leipe", 14.0451, 51.8560, T, 1, 2),
            ("Zerkwitz", 13.9310, 51.8623, V, 2, 2),
            ("Ragow", 13.9045, 51.8852, V, 2, 2),
            ("Krimnitz", 13.9188, 51.8690, V, 1, 2),
            ("Boblitz", 13.9774, 51.8423, V, 2, 2),
            ("Groß Beuchow", 13.9035, 51.8489, V, 1, 2),
            ("Groß Klessow", 13.9503, 51.8369, V, 1, 2),
            ("Kittlitz", 13.9215, 51.8322, V, 1, 2),
            ("Groß Lübbenau", 13.9831, 51.8299, V, 1, 2),
            ("Hindenberg", 13.8511, 51.8545, V, 1, 2),
            ("Bischdorf", 13.9690, 51.7995, V, 1, 2),
        ),
    ),
    (
        "120660112112",
        "01983",
        "Großräschen",
        (
            ("Großräschen", 14.0109, 51.5876, C, 4, 0),
            ("Großräschen Nord", 14.0080, 51.5945, E, 4, 3),
            ("Großräschen Ost", 14.0280, 51.5870, V, 2, 3),
            ("Großräschen IBA-Terrassen", 14.0100, 51.5775, T, 2, 3),
            ("Freienhufen", 13.9600, 51.5840, V, 2, 2),
            ("Saalhausen", 13.9247, 51.5922, V, 2, 2),
            ("Wormlage", 13.9049, 51.6057, V, 1, 2),
            ("Barzig", 13.9430, 51.5971, V, 1, 2),
            ("Dörrwalde", 14.0640, 51.5870, V, 1, 2),
            ("Woschkow", 14.0440, 51.6110, V, 1, 2),
            ("Allmosen", 14.0927, 51.5813, V, 1, 2),
        ),
    ),
    (
        "120660052052",
        "03205",
        "Calau",
        (
            ("Calau", 13.9510, 51.7445, C, 4, 0),
            ("Calau Ost", 13.9740, 51.7440, E, 3, 3),
            ("Calau Bahnhof", 13.9798, 51.7388, B, 2, 3),
            ("Saßleben", 13.9848, 51.7590, V, 1, 2),
            ("Bolschwitz", 14.0295, 51.7488, V, 1, 2),
            ("Werchow", 13.9535, 51.7243, V, 1, 2),
            ("Gollmitz", 13.8830, 51.7037, V, 1, 2),
            ("Groß Mehßow", 13.8303, 51.7330, V, 1, 2),
            ("Groß Jehser", 13.8750, 51.7737, V, 1, 2),
            ("Mallenchen", 13.8587, 51.7617, V, 1, 2),
            ("Zinnitz", 13.8549, 51.7977, V, 1, 2),
            ("Kemmen", 13.9111, 51.7330, V, 1, 2),
        ),
    ),
    (
        "120660320320",
        "03226",
        "Vetschau/Spreewald",
        (
            ("Vetschau", 14.0790, 51.7820, C, 4, 0),
            ("Vetschau Neustadt", 14.0868, 51.7840, E, 3, 3),
            ("Vetschau Gewerbegebiet", 14.0968, 51.7752, B, 1, 3),
            ("Raddusch", 14.0340, 51.8150, T, 2, 2),
            ("Göritz", 14.0450, 51.8000, V, 1, 2),
            ("Stradow", 14.0740, 51.8098, V, 1, 2),
            ("Suschow", 14.0950, 51.8005, V, 1, 2),
            ("Naundorf", 14.1007, 51.8198, V, 1, 2),
            ("Koßwig", 14.0291, 51.7771, V, 1, 2),
            ("Repten", 14.0585, 51.7590, V, 1, 2),
            ("Missen", 14.0480, 51.7279, V, 1, 2),
            ("Ogrosen", 14.0411, 51.7132, V, 1, 2),
            ("Laasow", 14.0883, 51.7132, V, 1, 2),
        ),
    ),
    (
        "120660285285",
        "01998",
        "Schipkau",
        (
            ("Schipkau", 13.8960, 51.5206, V, 4, 1),
            ("Klettwitz", 13.8949, 51.5430, V, 3, 2),
            ("Annahütte", 13.8883, 51.5601, V, 2, 2),
            ("Meuro", 13.9236, 51.5507, V, 1, 2),
            ("Drochow", 13.9236, 51.5672, V, 1, 2),
            ("Hörlitz", 13.9497, 51.5269, V, 3, 2),
        ),
    ),
    (
        "120660296296",
        "01987",
        "Schwarzheide",
        (
            ("Schwarzheide", 13.8556, 51.4767, C, 3, 0),
            ("Schwarzheide Wandelhof", 13.8475, 51.4808, E, 3, 3),
            ("Schwarzheide Ost", 13.9027, 51.4765, V, 2, 2),
            ("Schwarzheide Werk", 13.8795, 51.4790, B, 2, 3),
        ),
    ),
    (
        "120665601000",
        "03229",
        "Altdöbern",
        (
            ("Altdöbern", 14.0333, 51.6503, C, 4, 1),
            ("Pritzen", 14.0805, 51.6487, T, 1, 2),
            ("Reddern", 14.0804, 51.6835, V, 1, 2),
            ("Muckwar", 14.0263, 51.6860, V, 1, 2),
            ("Buchwäldchen", 14.0053, 51.6921, V, 1, 2),
            ("Bronkow", 13.9126, 51.6691, V, 1, 2),
            ("Lipten", 13.9265, 51.6471, V, 1, 2),
            ("Lug", 13.9340, 51.6315, V, 1, 2),
            ("Neupetershain", 14.1640, 51.6075, V, 2, 2),
            ("Neupetershain Nord", 14.1615, 51.6240, V, 1, 3),
            ("Bahnsdorf", 14.1120, 51.5805, V, 1, 2),
            ("Lieske", 14.1320, 51.5574, V, 1, 2),
            ("Lindchen", 14.1282, 51.6044, V, 1, 2),
            ("Ressen", 14.1275, 51.6288, V, 1, 2),
        ),
    ),
    (
        "120665606000",
        "01990",
        "Ortrand",
        (
            ("Ortrand", 13.7598, 51.3751, C, 3, 1),
            ("Burkersdorf", 13.7582, 51.3794, V, 1, 3),
            ("Großkmehlen", 13.7245, 51.3793, V, 1, 2),
            ("Kleinkmehlen", 13.7427, 51.3758, V, 1, 2),
            ("Frauendorf", 13.7709, 51.4121, V, 1, 2),
            ("Kroppen", 13.7997, 51.3841, V, 1, 2),
            ("Lindenau", 13.7239, 51.4002, V, 1, 2),
            ("Tettau", 13.7315, 51.4308, V, 1, 2),
        ),
    ),
    (
        "120665607000",
        "01945",
        "Ruhland",
        (
            ("Ruhland", 13.8664, 51.4570, C, 4, 1),
            ("Arnsdorf", 13.8660, 51.4310, V, 1, 2),
            ("Biehlen", 13.9410, 51.4745, V, 1, 2),
            ("Schwarzbach", 13.9350, 51.4540, V, 1, 2),
            ("Guteborn", 13.9220, 51.4240, V, 1, 2),
            ("Hohenbocka", 14.0100, 51.4325, V, 2, 2),
            ("Hermsdorf", 13.8922, 51.4076, V, 1, 2),
            ("Jannowitz", 13.8525, 51.4005, V, 1, 2),
            ("Lipsa", 13.9065, 51.3923, V, 1, 2),
            ("Grünewald", 13.9931, 51.3985, V, 1, 2),
            ("Sella", 13.9850, 51.3874, V, 1, 2),
        ),
    ),
)


def organisations() -> tuple[Organisation, ...]:
    """The eleven towns, communities and Ämter, then the district, then the invented association."""
    towns = [
        Organisation(
            key=key,
            name=name,
            kind=kind,
            longitude=longitude,
            latitude=latitude,
            invented=False,
            envelope=envelope,
            market_weekdays=market,
        )
        for key, name, kind, longitude, latitude, envelope, market in _MUNICIPALITIES
    ]
    district = Organisation(
        key=DISTRICT_KEY,
        name="Landkreis Oberspreewald-Lausitz",
        kind="district",
        longitude=14.0016,
        latitude=51.5252,
        invented=False,
        envelope=EnvelopeKind.THE_THINGS_STACK,
    )
    association = Organisation(
        key=ASSOCIATION_KEY,
        name="Abfallverband Lausitzpuls (erfunden)",
        kind="association",
        longitude=13.9400,
        latitude=51.6000,
        invented=True,
        envelope=EnvelopeKind.CHIRPSTACK,
    )
    return (*towns, district, association)


def places() -> tuple[Place, ...]:
    """Every place with collection sites, municipality by municipality."""
    return tuple(
        Place(
            organisation_key=key,
            postcode=postcode,
            town=town,
            name=name,
            longitude=longitude,
            latitude=latitude,
            character=character,
            sites=sites,
            rank=rank,
        )
        for key, postcode, town, rows in _PLACES
        for name, longitude, latitude, character, sites, rank in rows
    )
