"""What was found, beside what was promised."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Table:
    """Figures as they are found; a run fails where one is worse than its bar."""

    rows: list[tuple[str, str, str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def most(self, what: str, found: int, bar: int, *, details: list[str] | None = None) -> None:
        """Note a figure that may be no larger than its bar."""
        self._note(what, found, f"≤ {bar}", is_good=found <= bar, details=details)

    def least(self, what: str, found: int, bar: int) -> None:
        """Note a figure that may be no smaller: how much was tried at all."""
        self._note(what, found, f"≥ {bar}", is_good=found >= bar, details=None)

    def left_out(self, what: str, why: str) -> None:
        """Note what was not tried."""
        self.rows.append(("left out", what, "–", why))

    def _note(self, what: str, found: int, bar: str, *, is_good: bool, details: list[str] | None) -> None:
        self.rows.append(("good" if is_good else "BAD", what, str(found), bar))
        if not is_good:
            self.faults += details or [what]

    def show(self) -> int:
        """Print all; return 1 where something is bad."""
        for fault in self.faults[:100]:
            print(f"  ! {fault}")
        print()
        for state, what, found, bar in self.rows:
            print(f"  {state:<9}{what:<66}{found:>8}   {bar}")
        return int(any(state == "BAD" for state, *_rest in self.rows))
