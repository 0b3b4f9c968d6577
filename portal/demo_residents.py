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


# Invented people; plates of the kind that specimens show.
RESIDENTS = (
    Resident("Ana Beatriz Souza", "A", "101", "BRA2E19", "Fiat Argo", "prata"),
    Resident("Bruno Carvalho", "A", "102", "ABC1D23", "VW Polo", "branco"),
    Resident("Carla Menezes", "A", "201", "RIO4F56", "Chevrolet Onix", "vermelho"),
    Resident("Diego Ferreira", "A", "202", "KLM5678", "Ford Ka", "azul"),
    Resident("Elaine Prado", "B", "101", "DEF6G78", "Honda Fit", "cinza"),
    Resident("Fábio Nogueira", "B", "102", "HJK4321", "Renault Sandero", "preto"),
    Resident("Gabriela Lima", "B", "201", "PRT7H90", "Toyota Corolla", "prata"),
    Resident("Heitor Antunes", "B", "202", "SUV3J45", "Jeep Renegade", "verde"),
)
WATCHLISTED = ("BAN0D01", "Ex-prestador, acesso proibido pela assembleia")
STRANGERS = ("XYZ9K87", "QWE2R34", "MNB8765", "TRF5V67")
