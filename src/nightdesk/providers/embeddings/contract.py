"""What an embedding provider is: something that turns phrases into vectors."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nightdesk.providers.calls import Meter


class EmbeddingProvider(Protocol):
    """Embeds phrases."""

    label: str

    async def embed(self, phrases: Sequence[str], meter: Meter) -> NDArray[np.float32]:
        """Shape (len(phrases), d), rows of unit length. Raises `Later`, `NeedsPerson` or `Refused`."""
