"""Who lives in the demonstration, and who drives past it. All of it is invented."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Resident:
    name: str
    block: str
    number: str
    plate: str
    make: str
    colour: str


# Invented people; plates of the kind that specimens show; the cars as they are drawn for these plates, since a car of
# another colour than the registered one is shown to the guard.
RESIDENTS = (
    Resident("Ana Beatriz Souza", "A", "101", "BRA2E19", "Fiat Strada", "cinza"),
    Resident("Bruno Carvalho", "A", "102", "ABC1D23", "Fiat Fiorino", "vermelho"),
    Resident("Carla Menezes", "A", "201", "RIO4F56", "Chevrolet Onix", "prata"),
    Resident("Diego Ferreira", "A", "202", "KLM5678", "Renault Kangoo", "preto"),
    Resident("Elaine Prado", "B", "101", "DEF6G78", "Honda City", "bege"),
    Resident("Fábio Nogueira", "B", "102", "HJK4321", "Renault Logan", "branco"),
    Resident("Gabriela Lima", "B", "201", "PRT7H90", "VW Kombi", "verde"),
    Resident("Heitor Antunes", "B", "202", "SUV3J45", "Toyota Corolla", "branco"),
)
WATCHLISTED = ("BAN0D01", "Ex-prestador, acesso proibido pela assembleia")
STRANGERS = ("XYZ9K87", "QWE2R34", "MNB8765", "TRF5V67")

# Who signs in as a resident, where; what waits for the manager there, and who is expected this week.
RESIDENT_LOGIN = "moradora"
HOME = ("A", "101")
WAITING = ("GTX3L21", "Honda CG 160", "vermelho")
GUEST = ("NBK5M67", "Marina Rocha")
