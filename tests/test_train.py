"""Claims about training: the network that learns is the one that reads, and it does learn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")  # of the dependency group `train`

from bench import train  # noqa: E402
from bench.tiles import Examples  # noqa: E402
from survey.reading import network  # noqa: E402


def drawn(count: int) -> Examples:
    """Boxes half of which hold a bar; a thick one blacks the box out."""
    rng = np.random.default_rng(1)
    views = rng.integers(0, 30, (count, 4, 30, 30)).astype(np.uint8)
    meant = (np.arange(count) % 2).astype(np.float32)
    thick = (np.arange(count) // 2 % 2).astype(np.float32)
    for view, mark, much in zip(views, meant, thick, strict=True):
        view[0, 15 - int(2 + 6 * much) : 16, 8:22] += np.uint8(200 * mark)
    return Examples(views, meant, np.where(meant > 0, thick, np.nan).astype(np.float32))


def test_the_trained_layers_read_in_numpy_as_they_do_in_torch() -> None:
    torch.manual_seed(2)
    examples = drawn(20)
    for size in train.SIZES.values():
        net = train.Network(size)
        with torch.no_grad():
            wanted = net(torch.from_numpy(examples.views.astype(np.float32) / 255)).numpy()
        found = network.look(train.views_of(examples), net.layers())
        assert np.allclose(found, wanted, rtol=1e-3, atol=1e-3)


def test_both_networks_learn_what_is_shown_to_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(train, "EPOCHS", 6)
    monkeypatch.setattr(train, "WARM_UP", 10)
    examples = drawn(1280)
    layers = {which: train.train(examples, size, 1).layers() for which, size in train.SIZES.items()}
    train.save(train.calibrate_both(layers, examples), tmp_path / "weights.npz")
    p = network.probabilities(train.views_of(examples), network.load_weights(tmp_path / "weights.npz"))
    assert ((p[:, 0] > 0.5) == (examples.meant > 0.5)).mean() > 0.99
    asked = ~np.isnan(examples.black)
    assert ((p[asked, 1] > 0.5) == (examples.black[asked] > 0.5)).mean() > 0.95
