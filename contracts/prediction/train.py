#!/usr/bin/env python3
"""Trains the model of the example and prints the contract's first message: an integer network of two layers.

The data is made up: four readings from 0 to 100, and a risk that depends on two of them together. Everything is
deterministic, so that training again gives the same model."""
import json
import random

HIDDEN, SCALE = 6, 64


def sample(source):
    x = [source.randint(0, 100) for _ in range(4)]
    return x, (x[0] - 50) * (x[0] - 50) / 25 + x[1] + x[2] / 2 > 110


def predict(hidden, output, x):
    h = [max(0, sum(w * v for w, v in zip(row, x)) + row[-1]) for row in hidden]
    return sum(w * v for w, v in zip(output, h)) + output[-1] > 0


def train():
    source = random.Random(7)
    data = [sample(source) for _ in range(1500)]
    hidden = [[source.uniform(-1, 1) for _ in range(5)] for _ in range(HIDDEN)]
    output = [source.uniform(-1, 1) for _ in range(HIDDEN + 1)]
    for epoch in range(120):
        source.shuffle(data)
        rate = 0.05 / (1 + epoch / 30)
        for x, label in data:
            v = [value / 50 - 1 for value in x] + [1]
            h = [max(0.0, sum(a * b for a, b in zip(row, v))) for row in hidden]
            score = sum(a * b for a, b in zip(output, h + [1]))
            error = 1 / (1 + 2.718281828 ** -max(-30, min(30, score))) - label
            for i in range(HIDDEN):
                if h[i] > 0:
                    step = rate * error * output[i]
                    hidden[i] = [w - step * b for w, b in zip(hidden[i], v)]
            output = [w - rate * error * b for w, b in zip(output, h + [1])]
    # In whole numbers, for inputs as they are: v = x / 50 - 1.
    whole = [[round(w * SCALE) for w in row[:4]] + [round((row[4] - sum(row[:4])) * SCALE * 50)] for row in hidden]
    return whole, [round(w * SCALE) for w in output[:-1]] + [round(output[-1] * SCALE * SCALE * 50)]


if __name__ == "__main__":
    import sys
    hidden, output = train()
    tests = [sample(random.Random(seed)) for seed in range(1000, 2000)]
    right = sum(predict(hidden, output, x) == label for x, label in tests)
    print(f"right on {right} of {len(tests)} unseen samples", file=sys.stderr)
    print(json.dumps({"hidden": hidden, "output": output}))
