"""Every field of every kind: missing, of another type, out of bounds; and fields that no kind has."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from ruban.errors import FormatError
from ruban.record.canonical import MAX_INTEGER, encode
from ruban.record.entry import make_entry, parse_entry
from ruban.record.kinds import KINDS, SEAL_FIELDS, Kind
from ruban.record.schema import Choice, Flag, Hex, Int, ListOf, Nullable, Object, Text, Type

Path = tuple[str | int, ...]


def fitting(kind: Type) -> Any:
    """A small value of the type."""
    match kind:
        case Hex(size=size):
            return "ab" * (size or 1)
        case Int(least=least):
            return least
        case Text(pattern=pattern):
            return "x" if pattern is None else _matching(pattern)
        case Choice(options=options):
            return options[0]
        case Flag():
            return True
        case Nullable(of=of):
            return fitting(of)
        case ListOf(of=of, least=least):
            return [fitting(of) for _ in range(max(1, least))]
        case Object(fields=fields):
            return {name: fitting(of) for name, (of, _) in fields.items()}
    raise AssertionError(kind)


def _matching(pattern: str) -> str:
    known = {"all": "all", "[0-9]": "2026-11-01", "{2,3}": "fr"}
    return next(
        (text for part, text in known.items() if pattern.startswith(part) or part in pattern[:12]), "a.example/b"
    )


def unfit(kind: Type) -> Iterator[Any]:
    """Values just outside the type."""
    yield from (None, 1.5) if not isinstance(kind, Nullable) else ()
    match kind:
        case Hex(size=size, most=most):
            yield from (0, "AB" * (size or 1), "ab" * (size or most) + "a", "", "ab" * ((size or most) + 1), "zz")
        case Int(least=least, most=most):
            yield from ("1", True, least - 1)
            if most < MAX_INTEGER:
                yield most + 1
        case Text(most=most, pattern=pattern):
            yield from (1, "", "x" * (most + 1))
            if pattern is not None:
                yield from ("ABC\u00e9#", fitting(kind) + "#!")
        case Choice():
            yield from (1, "", "other")
        case Flag():
            yield from (0, 1, "true")
        case Nullable(of=of):
            yield from (value for value in unfit(of) if value is not None)
        case ListOf(of=of, least=least, most=most, unique=unique):
            yield from ({}, "x", [fitting(of)] * (most + 1))
            if least > 0:
                yield [fitting(of)] * (least - 1)
            if unique:
                yield [fitting(of)] * 2
            yield from ([value] for value in unfit(of))
        case Object(fields=fields, optional=optional):
            whole = fitting(kind)
            yield from ([], "x", whole | {"more": 1})
            for name, (of, _) in fields.items():
                if name not in optional:
                    yield {key: value for key, value in whole.items() if key != name}
                yield from (whole | {name: value} for value in unfit(of))


def variants(kind: Kind) -> list[str | None]:
    return [name for name, _ in kind.variants] or [None]


CASES = [(kind, variant) for kind in KINDS.values() for variant in variants(kind)]
IDS = [f"{kind.name}-{variant}" for kind, variant in CASES]


def whole(kind: Kind, variant: str | None) -> dict[str, Any]:
    data: dict[str, Any] = fitting(kind.schema(variant))
    return data if kind.variant_field is None else data | {kind.variant_field: variant}


@pytest.mark.parametrize(("kind", "variant"), CASES, ids=IDS)
def test_a_fitting_entry_is_accepted_with_and_without_its_optional_fields(kind: Kind, variant: str | None) -> None:
    data = whole(kind, variant)
    assert make_entry(data).kind == kind.name
    for name in kind.optional:
        make_entry({key: value for key, value in data.items() if key != name})


@pytest.mark.parametrize(("kind", "variant"), CASES, ids=IDS)
def test_no_field_may_be_missing_or_added(kind: Kind, variant: str | None) -> None:
    data = whole(kind, variant)
    with pytest.raises(FormatError, match="more"):
        make_entry(data | {"more": 1})
    for name in data.keys() - kind.optional - {"kind"}:
        with pytest.raises(FormatError) as wrong:
            make_entry({key: value for key, value in data.items() if key != name})
        assert wrong.value.field == name


@pytest.mark.parametrize(("kind", "variant"), CASES, ids=IDS)
def test_every_field_has_its_type_and_bounds(kind: Kind, variant: str | None) -> None:
    data, schema, tried = whole(kind, variant), kind.schema(variant), 0
    for name, (of, _) in schema.fields.items():
        for value in unfit(of):
            # An entry of another kind, and floats, are refused or let be elsewhere.
            if (name == "kind" and isinstance(value, str)) or value == 1.5:
                continue
            changed = copy.deepcopy(data) | {name: value}
            with pytest.raises(FormatError) as wrong:
                schema.check("", changed)
            assert wrong.value.field.partition(".")[0].partition("[")[0] == name, (name, value)
            tried += 1
    assert tried > 10


@pytest.mark.parametrize(("kind", "variant"), CASES, ids=IDS)
def test_fields_of_one_variant_are_none_of_another(kind: Kind, variant: str | None) -> None:
    for other in variants(kind):
        if kind.variant_field is not None and whole(kind, other).keys() != whole(kind, variant).keys():
            with pytest.raises(FormatError):
                make_entry(whole(kind, other) | {kind.variant_field: variant})


def test_an_unknown_variant_is_refused() -> None:
    for kind in KINDS.values():
        if kind.variant_field is not None:
            for value in ("sealed", "", 1, None, ["name"]):
                with pytest.raises(FormatError):
                    make_entry(whole(kind, kind.variants[0][0]) | {kind.variant_field: value})


def test_an_unknown_kind_is_an_entry_without_a_schema() -> None:
    assert not parse_entry(encode({"kind": "reply", "anything": [1]})).known


@pytest.mark.parametrize("kind", [None, 1, [], {}, True])
def test_a_kind_is_a_string(kind: Any) -> None:
    with pytest.raises(FormatError, match="kind"):
        parse_entry(encode({"kind": kind}))
    with pytest.raises(FormatError, match="kind"):
        parse_entry(b"{}")


def test_an_entry_has_at_most_8_kib() -> None:
    room = 8192 - len(encode({"kind": "x", "pad": ""}))
    assert len(make_entry({"kind": "x", "pad": "a" * room}).leaf) == 8192
    with pytest.raises(FormatError, match="8192"):
        make_entry({"kind": "x", "pad": "a" * (room + 1)})


def test_what_proves_an_entry_is_not_among_the_bytes_that_it_proves() -> None:
    for kind, variant in CASES:
        data = whole(kind, variant)
        body = parse_entry(make_entry(data).leaf).body
        assert body == encode({key: value for key, value in data.items() if key not in ("proof", "sig", "sigs")})
    assert {"proof", "sig", "sigs"} == SEAL_FIELDS
