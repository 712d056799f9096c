"""Reading a pickle as data: nothing that it names is imported, called or changed.

A pickle is a little program that builds objects, and whoever runs it runs whatever it names. Here its instructions are
only followed as far as they build plain data. A name stays a `Name`, and what would be made by calling one stays a
`Made` that says so. Whoever asked then takes from these what they know: of PyTorch's files the tensors.

The instructions are those that `pickle` writes from protocol 2 on, see the comments in Python's `pickletools`.
"""

from __future__ import annotations

import pickletools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

_MOST_BYTES = 32 << 20
"""A pickle of this size takes some seconds and 2 GB; that of the largest CLIP has less than 1 MB."""

_PUSH_ARGUMENT = frozenset(
    (
        *("BININT", "BININT1", "BININT2", "LONG1", "LONG4", "BINFLOAT"),
        *("BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "BINSTRING", "SHORT_BINSTRING"),
        *("BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"),
    )
)
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_TUPLES = {"EMPTY_TUPLE": 0, "TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


class NotPlainData(ValueError):
    """A pickle is damaged, too large, or uses instructions that no file of weights needs."""


@dataclass(frozen=True)
class Name:
    """What a pickle calls by name: a class or function, which is not looked for."""

    module: str
    name: str


@dataclass(eq=False)
class Made:
    """What would have been made by calling `maker` with `arguments` and then setting `state`."""

    maker: Any
    arguments: tuple[Any, ...]
    state: Any = None


@dataclass(eq=False)
class Elsewhere:
    """What the pickle says lies outside of it; for PyTorch, numbers of a tensor."""

    id: Any


@dataclass
class _Machine:
    stack: list[Any] = field(default_factory=list)
    below: list[list[Any]] = field(default_factory=list)
    memo: dict[int, Any] = field(default_factory=dict)

    def since_mark(self) -> list[Any]:
        items, self.stack = self.stack, self.below.pop()
        return items

    def taken(self, count: int) -> tuple[Any, ...]:
        if count > len(self.stack):
            raise NotPlainData("takes more than there is")
        items = tuple(self.stack[len(self.stack) - count :])
        del self.stack[len(self.stack) - count :]
        return items


def read_inert(pickled: bytes) -> Any:
    """What a pickle describes: numbers, texts, lists, tuples, dictionaries, `Name`s, `Made`s and `Elsewhere`s.

    Dictionaries hold only what has a text or a whole number as its key. Sets become lists. What an unknown class
    would have done with its arguments is not done.

    Raises:
        NotPlainData: as it says.
    """
    if len(pickled) > _MOST_BYTES:
        raise NotPlainData(f"is longer than {_MOST_BYTES} bytes")
    machine = _Machine()
    try:
        for opcode, argument, _place in pickletools.genops(pickled):
            if opcode.name == "STOP":
                return machine.stack.pop()
            _follow(machine, opcode.name, argument)
    except (IndexError, KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise NotPlainData(str(error)) from error
    raise NotPlainData("does not end")


def _follow(machine: _Machine, instruction: str, argument: Any) -> None:
    """Follow one instruction; every one that is not here is refused."""
    stack = machine.stack
    match instruction:
        case "PROTO" | "FRAME":
            pass
        case _ if instruction in _PUSH_ARGUMENT:
            stack.append(argument)
        case _ if instruction in _CONSTANTS:
            stack.append(_CONSTANTS[instruction])
        case _ if instruction in _TUPLES:
            stack.append(machine.taken(_TUPLES[instruction]))
        case "MARK":
            machine.below.append(stack)
            machine.stack = []
        case "TUPLE":
            items = tuple(machine.since_mark())
            machine.stack.append(items)
        case "EMPTY_LIST" | "EMPTY_SET":
            stack.append([])
        case "LIST" | "FROZENSET":
            members = machine.since_mark()
            machine.stack.append(members)
        case "EMPTY_DICT":
            stack.append({})
        case "DICT":
            pairs = machine.since_mark()
            machine.stack.append({})
            _set(machine.stack[-1], pairs)
        case "APPEND":
            _add(stack[-2], [stack.pop()])
        case "APPENDS" | "ADDITEMS":
            more = machine.since_mark()
            _add(machine.stack[-1], more)
        case "SETITEM":
            pair = machine.taken(2)
            _set(stack[-1], pair)
        case "SETITEMS":
            several = machine.since_mark()
            _set(machine.stack[-1], several)
        case "POP":
            stack.pop()
        case "DUP":
            stack.append(stack[-1])
        case "POP_MARK":
            machine.since_mark()
        case "MEMOIZE":
            machine.memo[len(machine.memo)] = stack[-1]
        case "BINPUT" | "LONG_BINPUT":
            machine.memo[argument] = stack[-1]
        case "BINGET" | "LONG_BINGET":
            stack.append(machine.memo[argument])
        case "GLOBAL":
            stack.append(Name(*argument.split(" ", 1)))
        case "STACK_GLOBAL":
            stack.append(Name(*machine.taken(2)))
        case "REDUCE" | "NEWOBJ":
            stack.append(_made(*machine.taken(2)))
        case "NEWOBJ_EX":
            maker, arguments, _named = machine.taken(3)
            stack.append(_made(maker, arguments))
        case "BUILD":
            (state,) = machine.taken(1)
            if isinstance(stack[-1], Made):
                stack[-1].state = state
        case "BINPERSID":
            stack.append(Elsewhere(stack.pop()))
        case _:
            raise NotPlainData(f"uses the instruction {instruction}")


def _made(maker: Any, arguments: Any) -> Any:
    if not isinstance(arguments, tuple):
        raise NotPlainData("calls something without arguments")
    if maker == Name("collections", "OrderedDict"):
        ordered: dict[Any, Any] = {}
        for pair in arguments[0] if arguments else ():
            _set(ordered, pair)
        return ordered
    return Made(maker, arguments)


def _set(target: Any, pairs: Sequence[Any]) -> None:
    # A key of other kinds would have to be hashed, at a depth that the file chooses.
    if isinstance(target, dict):
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            if type(key) in (str, int):
                target[key] = value


def _add(target: Any, items: list[Any]) -> None:
    if isinstance(target, list):
        target.extend(items)
