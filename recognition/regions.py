"""Where a vehicle was first registered, as far as its plate tells.

Brazil gives every state ranges of the three letters (Denatran's allocation, later series included; ranges not
yet given out are absent). They name the state of *first* registration, not of residence.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_uppercase

from recognition.formats import match_format, normalise


@dataclass(frozen=True, slots=True)
class Place:
    """`country` is ISO 3166-1; `code` the short name used there ("SP", "MH", "L")."""

    country: str
    code: str
    name: str


BRAZILIAN_STATES: dict[str, tuple[str, str]] = {
    "AC": ("Acre", "MZN-NAG NXR-NXT OVG OXP QLU-QLZ QWM-QWQ"),
    "AL": ("Alagoas", "MUA-MVK NLV-NMO OHB-OHK ORD-ORM OXN QLA-QLM QTT QWG-QWL RGO-RGU SAA-SAJ"),
    "AM": ("Amazonas", "JWF-JXY NOI-NPB OAA-OAO OXM PHA-PHZ QZA-QZZ"),
    "AP": ("Amapá", "NEI-NFB QLN-QLT SAK-SAM"),
    "BA": ("Bahia", "JKS-JSZ NTD-NTW NYH-NZZ OKI-OLG OUF-OVD OZC-OZV PJA-PLZ QTU-QTZ RCO-RDR RPA-RQL"),
    "CE": ("Ceará", "HTX-HZA NQL-NRE NUM-NVF OCB-OCU OHX-OIQ ORN-OSV OZA PMA-POZ RIA-RIN SAN-SBV"),
    "DF": ("Distrito Federal", "JDP-JKR OVM-OVV OZW-PBZ REC-REV"),
    "ES": ("Espírito Santo", "MOX-MTZ OCV-ODT OVE-OVF OVH-OVL OYD-OYK PPA-PPZ QRB-QRM RBA-RBJ RQM-RQV"),
    "GO": ("Goiás", "KAV-KFC NFC-NGZ NJX-NLU NVO-NWR OGH-OHA OMI-OOF PQA-PRZ QTN-QTS RBK-RCN SBW-SDS"),
    "MA": ("Maranhão", "HOL-HQE NHA-NHT NMP-NNI NWS-NXQ OIR-OJQ OXQ-OXZ PSA-PTZ ROA-ROZ"),
    "MG": (
        "Minas Gerais",
        "GKJ-HOK NXX-NYG OLO-OMH OOV-ORC OWH-OXK PUA-PZZ QMQ-QQZ QUA-QUZ QWR-QXZ RFA-RGD RMD-RNZ RTA-RVZ",
    ),
    "MS": ("Mato Grosso do Sul", "HQF-HTW NRF-NSD OOG-OOU QAA-QAZ REW-REZ RWA-RWJ"),
    "MT": ("Mato Grosso", "JXZ-KAU NIY-NJW NPC-NPQ NTX-NUG OAP-OBS QBA-QCZ RAK-RAZ RRI-RRZ"),
    "PA": ("Pará", "JTA-JWE NSE-NTC OBT-OCA OFI-OFW OSW-OTZ QDA-QEZ QVA-QVZ RWK-RXD"),
    "PB": ("Paraíba", "MMN-MOW NPR-NQK OET-OFH OFX-OGG OXO QFA-QFZ QSA-QSM RLQ-RMC"),
    "PE": ("Pernambuco", "KFD-KME NXU-NXW OYL-OYZ PCA-PGZ QYA-QYZ RZE-RZZ"),
    "PI": ("Piauí", "LVF-LWQ NHU-NIX ODU-OEI OUA-OUE OVW-OVY PIA-PIZ QRN-QRZ RSG-RST"),
    "PR": ("Paraná", "AAA-BEZ RHA-RHZ"),
    "RJ": ("Rio de Janeiro", "KMF-LVE RIO-RKV"),
    "RN": ("Rio Grande do Norte", "MXH-MZM NNJ-NOH OJR-OKC OVZ-OWG QGA-QGZ RGE-RGN"),
    "RO": ("Rondônia", "NBB-NEH OHL-OHW OXL QRA QTA-QTJ RSU-RSZ"),
    "RR": ("Roraima", "NAH-NBA NUH-NUL RZA-RZD"),
    "RS": ("Rio Grande do Sul", "IAQ-JDO"),
    "SC": ("Santa Catarina", "LWR-MMM OKD-OKH QHA-QJZ QTK-QTM RAA-RAJ RDS-REB RKW-RLP RXK-RYI"),
    "SE": ("Sergipe", "HZB-IAP NVG-NVN OEJ-OES OZB QKN-QKZ QMA-QMP RQW-RRH"),
    "SP": ("São Paulo", "BFA-GKI QSN-QSZ"),
    "TO": ("Tocantins", "MVL-MXG OLH-OLN OYA-OYC QKA-QKM QWA-QWF RSA-RSF"),
}

INDIAN_STATES: dict[str, str] = {
    "AN": "Andaman and Nicobar Islands", "AP": "Andhra Pradesh", "AR": "Arunachal Pradesh", "AS": "Assam",
    "BR": "Bihar", "CG": "Chhattisgarh", "CH": "Chandigarh", "DD": "Dadra and Nagar Haveli and Daman and Diu",
    "DL": "Delhi", "DN": "Dadra and Nagar Haveli", "GA": "Goa", "GJ": "Gujarat", "HP": "Himachal Pradesh",
    "HR": "Haryana", "JH": "Jharkhand", "JK": "Jammu and Kashmir", "KA": "Karnataka", "KL": "Kerala",
    "LA": "Ladakh", "LD": "Lakshadweep", "MH": "Maharashtra", "ML": "Meghalaya", "MN": "Manipur",
    "MP": "Madhya Pradesh", "MZ": "Mizoram", "NL": "Nagaland", "OD": "Odisha", "OR": "Odisha", "PB": "Punjab",
    "PY": "Puducherry", "RJ": "Rajasthan", "SK": "Sikkim", "TG": "Telangana", "TN": "Tamil Nadu",
    "TR": "Tripura", "TS": "Telangana", "UA": "Uttarakhand", "UK": "Uttarakhand", "UP": "Uttar Pradesh",
    "WB": "West Bengal",
}  # fmt: skip

# The first letter of the memory tag (DVLA, INF104).
BRITISH_REGIONS: dict[str, str] = {
    "A": "Anglia", "B": "Birmingham", "C": "Cymru (Wales)", "D": "Deeside to Shrewsbury", "E": "Essex",
    "F": "Forest and Fens", "G": "Garden of England", "H": "Hampshire and Dorset",
    "K": "Luton, Northampton and Milton Keynes", "L": "London", "M": "Manchester and Merseyside", "N": "North",
    "O": "Oxford", "P": "Preston", "R": "Reading", "S": "Scotland", "V": "Severn Valley",
    "W": "West of England", "Y": "Yorkshire",
}  # fmt: skip


def _ranges() -> list[tuple[str, str, str]]:
    """Every Brazilian range as (first, last, state), in order."""
    rows = []
    for code, (_, ranges) in BRAZILIAN_STATES.items():
        for text in ranges.split():
            first, _, last = text.partition("-")
            rows.append((first, last or first, code))
    return sorted(rows)


_RANGES = _ranges()


def brazilian_prefixes() -> Iterator[tuple[str, str]]:
    """Every beginning of three letters that a Brazilian state gives out, as (state, letters)."""
    for first, last, state in _RANGES:
        for number in range(number_of(first), number_of(last) + 1):
            yield state, letters_of(number)


def number_of(letters: str) -> int:
    """Three letters as a number below 26³, in the order of the alphabet."""
    a, b, c = (ascii_uppercase.index(letter) for letter in letters)
    return (a * 26 + b) * 26 + c


def letters_of(number: int) -> str:
    """The three letters of such a number."""
    return "".join(ascii_uppercase[place] for place in (number // 676, number // 26 % 26, number % 26))


def _brazil(plate: str) -> Place | None:
    letters = plate[:3]
    index = bisect_right(_RANGES, (letters, "ZZZ", "ZZ")) - 1
    if index < 0 or letters > _RANGES[index][1]:
        return None
    code = _RANGES[index][2]
    return Place("BR", code, BRAZILIAN_STATES[code][0])


def _india(plate: str) -> Place | None:
    code = plate[:2]
    return Place("IN", code, INDIAN_STATES[code]) if code in INDIAN_STATES else None


def _britain(plate: str) -> Place | None:
    code = plate[0]
    return Place("GB", code, BRITISH_REGIONS[code]) if code in BRITISH_REGIONS else None


# By the name of the format: a further country is a further row.
_RULES = {
    "br_old": _brazil,
    "br_mercosul": _brazil,
    "in_state": _india,
    "in_short": _india,
    "gb_current": _britain,
}


def place_of_registration(plate: str) -> Place | None:
    """The state or region that the plate itself tells; None where it tells none. Impossible plates tell none."""
    row = match_format(plate)
    rule = _RULES.get(row.name) if row else None
    return rule(normalise(plate)) if rule else None
