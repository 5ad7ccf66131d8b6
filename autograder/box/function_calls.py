"""The student's calls of a check's functions: each is sent to the grader, which answers it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

from autograder.box.wire import Message
from autograder.core.errors import WireError
from autograder.core.functions import exception_from_words


class FunctionCalls:
    """Calls functions of the check's over the data pipes, while a request is answered.

    The grader believes none of this: it refuses by itself what is refused here.

    Args:
        send, receive: of the data pipes.

    Attributes:
        nonce: of the request that is answered now; None between requests.
    """

    def __init__(self, send: Callable[[Message], None], receive: Callable[[], Message]) -> None:
        self.nonce: bytes | None = None
        self._send = send
        self._receive = receive
        self._caller = (os.getpid(), threading.get_ident())
        self._calling = False

    def __call__(self, number: int, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """Call a function and return its value.

        Raises what it raised, as an exception of a built-in class. Raises TypeError for arguments
        that cannot be sent, RuntimeError where no call is possible.
        """
        if self.nonce is None or self._calling:
            raise RuntimeError("the callback cannot be called at this time")
        if (os.getpid(), threading.get_ident()) != self._caller:
            raise RuntimeError("the callback cannot be called in another thread or process")
        self._calling = True
        try:
            self._send(Message("function", self.nonce, [number, args, kwargs]))
            answer = self._receive()
        except WireError as error:
            text = f"the callback cannot take what it was given: {error}"
            raise TypeError(text) from None
        finally:
            self._calling = False
        match answer:
            case Message(kind="value", content=[value]):
                return value
            case Message(content=[str(name), str(text)]):
                raise exception_from_words(name, text)
        raise RuntimeError("the callback cannot be called")
