"""How numbers of things are said."""


def counted(number: int, noun: str) -> str:
    """``1 file``, ``2 files``, ``3 micro-batches``."""
    ending = "es" if noun.endswith("ch") else "s"
    return f"{number} {noun}{'' if number == 1 else ending}"


def listed(numbers: list[int]) -> str:
    """``micro-batch 7``, ``micro-batches 1 and 2``, ``micro-batches 1 to 3``."""
    if len(numbers) == 1:
        return f"micro-batch {numbers[0]}"
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"micro-batches {numbers[0]} to {numbers[-1]}"
    return f"micro-batches {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def listed_are(numbers: list[int]) -> str:
    """``micro-batch 7 is``, ``micro-batches 1 and 2 are``."""
    return f"{listed(numbers)} {'is' if len(numbers) == 1 else 'are'}"
