"""Which column of a list is what, in Portuguese and English. Pure."""

import re
import unicodedata
from collections.abc import Sequence

# Field: its headings, as `squash` leaves them. A further language is further words.
_TABLE = """
plate: placa placas plate plates licenseplate licenseplates licenceplate licenceplates numberplate numberplates
    placadoveiculo placasdosveiculos placaveiculo registrationplate vehicleplate carplate matricula registration
owner: proprietario proprietarios owner owners ownername morador moradores moradora resident residents nome
    nomecompleto name fullname nomedomorador nomedoproprietario condomino titular responsavel pessoa person
unit: unidade unidades unit units apto aptos apt ap apartamento apartamentos apartment flat casa house lote lot
    sala numero number unidadeautonoma numerodaunidade numerodoapartamento
block: bloco blocos bl block torre tower quadra edificio predio building
make: marca marcas make brand marcamodelo marcaemodelo makemodel makeandmodel veiculo veiculos vehicle carro car
model: modelo modelos model models
colour: cor cores colour color colours colors
phone: telefone telefones phone phones phonenumber celular cel tel fone whatsapp mobile contato contact
    telefonecelular
email: email emails mail correioeletronico enderecodeemail emailaddress
note: observacao observacoes obs nota notas note notes remark remarks comentario comentarios comment comments
"""
FIELD_OF: dict[str, str] = {
    word: field
    for field, words in re.findall(r"^(\w+):((?:.*\n)(?: .*\n)*)", _TABLE, re.MULTILINE)
    for word in words.split()
}
# What may stand before the word that matters: "Nº do apto", "Vehicle plate".
_IDLE = frozenset(re.findall(r"\w+", "n no num numero number do da de dos das of the o a veiculo vehicle carro car"))
HEADER_WITHIN = 25  # rows, below a title and whatever else stands above the list

Columns = dict[str, list[int]]


def squash(heading: str) -> str:
    """A heading without accents, case, spaces and signs: "Placa(s) 2" → "placas"."""
    plain = unicodedata.normalize("NFKD", heading).casefold()
    return re.sub(r"\d+$", "", "".join(character for character in plain if character.isascii() and character.isalnum()))


def find_header(rows: Sequence[Sequence[str]]) -> tuple[int, Columns] | None:
    """The index of the heading row and its columns; None where no row has a column of plates."""
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        columns = recognise(row)
        if "plate" in columns:
            return index, columns
    return None


def recognise(row: Sequence[str]) -> Columns:
    """Field → the columns of a heading row that hold it, from left to right."""
    columns: Columns = {}
    for index, heading in enumerate(row):
        if field := field_of(heading):
            columns.setdefault(field, []).append(index)
    return columns


def field_of(heading: str) -> str | None:
    """The field of a heading: of the whole of it, or else of its first word that says something."""
    if whole := FIELD_OF.get(squash(heading)):
        return whole
    words = [squash(word) for word in re.split(r"[^\w]+", heading)]
    return next((FIELD_OF.get(word) for word in words if word and word not in _IDLE), None)
