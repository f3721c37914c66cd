"""How fast something may go on: token buckets, kept in the memory of one process."""

import time
from collections.abc import Hashable

MOST_KEPT = 10_000


class Bucket:
    """Lets `burst` things pass at once, and `rate` a second from then on. With a rate of 0 it lets everything pass."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._at = time.monotonic()

    def take(self, cost: float = 1) -> float:
        """Seconds to wait before the next thing may pass; 0 when it just did."""
        if not self._rate:
            return 0
        self._refill()
        if self._tokens < cost:
            return (cost - self._tokens) / self._rate
        self._tokens -= cost
        return 0

    def borrow(self, cost: float = 1) -> float:
        """Take it in any case; how many seconds to wait before doing what it is for."""
        if not self._rate:
            return 0
        self._refill()
        self._tokens -= cost
        return max(0.0, -self._tokens / self._rate)

    @property
    def is_full(self) -> bool:
        """Whether it is as good as a new one."""
        self._refill()
        return self._tokens >= self._burst

    def _refill(self) -> None:
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now


class Buckets:
    """A bucket for everyone: `rate` a second and `burst` at once for each key."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._kept: dict[Hashable, Bucket] = {}

    def take(self, key: Hashable) -> float:
        """As `Bucket.take`, of the bucket of this key."""
        return self.of(key).take()

    def of(self, key: Hashable) -> Bucket:
        """The bucket of this key."""
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._forget()
            self._kept[key] = Bucket(self._rate, self._burst)
        return self._kept[key]

    def _forget(self) -> None:
        self._kept = {key: bucket for key, bucket in self._kept.items() if not bucket.is_full}
