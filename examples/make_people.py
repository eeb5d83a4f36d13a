"""Make people.csv: 770 invented people of an invented company, the same bytes on every machine.

    python3 examples/make_people.py            writes examples/people.csv
    python3 examples/make_people.py 90 other   writes 90 others, by another seed, to the terminal

Given names and family names are common ones of many origins, put together by hashing; a likeness is chance.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

SEED = "Ateliers Tormevelle"
COUNT = 770
DOMAIN = "tormevelle.example"


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split(" "))


GIVEN = _words(
    "Adèle Aïcha Aleksandra Alessia Alice Amara Amélie Amina Ana Anaïs Andrea Anna Antoine Arjun Arthur Awa Bastien "
    "Beatriz Bilal Björn Camille Carlos Céline Chiara Chloé Claire Clément Damien Daniel David Deniz Diego Djibril "
    "Elena Élise Elif Emeka Emma Éric Esther Fatima Fatou Félix Florence Gabriel Georgia Grace Hana Hassan Helena "
    "Henrik Hugo Ibrahim Inès Ingrid Isabelle Ivan Jakub Jamal Jana Jean João Jonas José Joséphine Julia Julien Jun "
    "Karim Katarzyna Kenji Kofi Lars Laura Léa Leïla Lena Léo Linh Louis Lucía Lucie Ludovic Łukasz Mai Malik Manon "
    "Marek Maria Mariam Marie Martin Mateo Mathilde Maya Mehdi Mei Michał Mina Minh Mohamed Moussa Nadia Naomi Nathan "
    "Ngozi Nicolas Nikola Noah Noémie Nora Olga Oliver Omar Pablo Patricia Paul Paulina Pedro Petra Pierre Priya "
    "Quentin Rachel Rafael Rania Rémi Renée Ricardo Rosa Roxane Ruth Salomé Samira Samuel Sandra Sara Selma Simon "
    "Sofía Søren Stella Sven Sylvie Tariq Teresa Théo Thomas Tomás Ursula Valérie Victor Vikram Vincent Wei Yara "
    "Yasmine Yohann Yuki Zeynep Zoé Zofia"
)

FAMILY = _words(
    "Abdi Achterberg Adebayo Almeida Álvarez Amrani Andersen Arnaud Aubert Bailly Baptiste Barbier Becker Belkacem "
    "Benali Bernard Bertrand Besson Blanc Bonnet Boucher Bouvier Brun Caron Carvalho Castro Chen Chevalier Costa "
    "Coulibaly Cruz Da_Silva Dang David De_Vries Delmas Demir Diallo Diop Dubois Duarte Dupont Dvořák Eriksson "
    "Fernandes Ferrari Fischer Fontaine Fournier Garcia Garnier Gauthier Girard González Gupta Haddad Hamdi Hansen "
    "Hernández Hoffmann Horvat Ibáñez Ito Jansen Jovanović Kaya Keita Keller Khan Kim Klein Kovács Kowalski Lambert "
    "Laurent Le_Goff Lebrun Leclerc Lefèvre Leroy Lévêque Lindqvist Lopes Lopez Magnan Mansouri Marchand Martinez "
    "Mbaye Ménard Mercier Meunier Moreau Moretti Müller Nakamura Ndiaye Nguyen Nielsen Novák Nowak O'Brien Okafor "
    "Olivier Öztürk Park Patel Pereira Perrin Petit Petrov Picard Pires Popescu Rahman Renaud Ribeiro Ricci Rivière "
    "Robin Rossi Rousseau Roux Russo Sánchez Santos Sato Schmidt Şahin Silva Singh Sissoko Sørensen Sow Suzuki "
    "Tanaka Tessier Thévenin Touré Tran Traoré Vargas Vasseur Vidal Wagner Wang Weber Wójcik Yamamoto Yıldız Zhang "
    "Zimmermann"
)

# People in each part of the company, of 770; for another number of people the same shares.
ROLES = (
    ("Engineering", 312),
    ("Workshop", 148),
    ("Customer care", 96),
    ("Sales", 74),
    ("Design", 58),
    ("Finance", 36),
    ("People", 27),
    ("Legal", 19),
)


def _stream(seed: str) -> Iterator[int]:
    """Numbers below 2^64 that follow from the seed alone, whatever the version of Python."""
    counter = 0
    while True:
        block = hashlib.sha256(f"{seed}/{counter}".encode()).digest()
        yield from (int.from_bytes(block[start : start + 8], "big") for start in range(0, 32, 8))
        counter += 1


def _address(name: str) -> str:
    """The part before the @: letters of the name without accents, words joined by dots."""
    plain = name.casefold().translate(str.maketrans("łøı", "loi"))
    ascii_only = unicodedata.normalize("NFD", plain).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z]+", ".", ascii_only.replace("'", ""))


def people(count: int = COUNT, seed: str = SEED) -> list[tuple[str, str, str]]:
    """`count` triples (name, address, role); no name and no address comes twice."""
    if count > len(GIVEN) * len(FAMILY) // 2:
        raise ValueError("more people than the lists of names allow")
    numbers = _stream(seed)
    roles = [role for role, share in ROLES for _ in range(share)]
    made: dict[str, tuple[str, str, str]] = {}
    while len(made) < count:
        given, family = GIVEN[next(numbers) % len(GIVEN)], FAMILY[next(numbers) % len(FAMILY)]
        name = unicodedata.normalize("NFC", f"{given} {family}")
        if given != family and _address(name) not in made:
            role = roles[len(made) * len(roles) // count]
            made[_address(name)] = (name, f"{_address(name)}@{DOMAIN}", role)
    return sorted(made.values(), key=lambda person: person[1])


def csv_bytes(count: int = COUNT, seed: str = SEED) -> bytes:
    """The list as CSV: UTF-8, commas, line feeds."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("name", "email", "role"))
    writer.writerows(people(count, seed))
    return text.getvalue().encode("utf-8")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.stdout.buffer.write(csv_bytes(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else SEED))
    else:
        Path(__file__).with_name("people.csv").write_bytes(csv_bytes())
