#!/usr/bin/env python3
"""Makes land.bin, the coasts of every map, from land-10m.json of the npm package world-atlas (Natural Earth).

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python3 make_land.py package/land-10m.json >land.bin

README.md beside this file says where that comes from and how land.bin is laid out. The same input gives the same bytes.
"""

import json
import math
import sys

# Quantum of the stored degrees: 0.002 degrees, at most 222 m.
PER_DEGREE = 500
# How far, in degrees of latitude, a simplified line may lie from the true one: near Korea and Japan, and elsewhere.
NEAR = (115.0, 156.0, 20.0, 53.0)
NEAR_TOLERANCE, FAR_TOLERANCE = 0.006, 0.03
# Islands smaller than this (square degrees of latitude) are left out.
NEAR_AREA_MIN, FAR_AREA_MIN = 1e-4, 0.006


def read_rings(topology):
    """Yields (ring, is_hole), ring a list of (lon, lat), closed, longitudes continuous."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        arcs.append(points)
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in geometry["arcs"]:
            for number, indices in enumerate(polygon):
                ring = []
                for index in indices:
                    arc = arcs[index] if index >= 0 else arcs[~index][::-1]
                    ring += arc[1:] if ring else arc
                # Sources may close Antarctica with a dot of a hundred metres at the pole.
                if any(lat > -89.9 for _, lat in ring):
                    yield unwrapped(ring), number > 0


def unwrapped(ring):
    """The same ring with no jump of 360 degrees between neighbours."""
    out = [ring[0]]
    for lon, lat in ring[1:]:
        out.append((lon - 360 * round((lon - out[-1][0]) / 360), lat))
    return out


def is_near(lon, lat):
    west, east, south, north = NEAR
    return west <= lon <= east and south <= lat <= north


def simplified(ring):
    """Douglas and Peucker (1973), with a finer tolerance where an end of the line is near."""

    def offset(point, a, b):
        narrow = math.cos(math.radians(point[1]))
        ax, ay = (a[0] - point[0]) * narrow, a[1] - point[1]
        bx, by = (b[0] - point[0]) * narrow, b[1] - point[1]
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        share = 0 if length == 0 else min(1, max(0, -(ax * dx + ay * dy) / length))
        return math.hypot(ax + share * dx, ay + share * dy)

    keep = {0, len(ring) - 1}
    # The ends of a ring are one point: begin from the point farthest from it.
    far = max(range(len(ring)), key=lambda i: math.hypot(ring[i][0] - ring[0][0], ring[i][1] - ring[0][1]))
    keep.add(far)
    stack = [(0, far), (far, len(ring) - 1)]
    while stack:
        first, last = stack.pop()
        worst, at = 0, None
        for i in range(first + 1, last):
            tolerance = NEAR_TOLERANCE if is_near(*ring[i]) else FAR_TOLERANCE
            excess = offset(ring[i], ring[first], ring[last]) / tolerance
            if excess > worst:
                worst, at = excess, i
        if worst > 1:
            keep.add(at)
            stack += [(first, at), (at, last)]
    return [ring[i] for i in sorted(keep)]


def area(ring):
    """The area in the plane of longitude and latitude, positive where the ring turns left."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:])) / 2


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(value):
    return varint(value * 2 if value >= 0 else -value * 2 - 1)


def encoded(ring, is_hole):
    """The ring as bytes, or None where nothing is left of it. The first point is not repeated at the end."""
    points = []
    for lon, lat in simplified(ring):
        point = (round(lon * PER_DEGREE), round(lat * PER_DEGREE))
        if not points or point != points[-1]:
            points.append(point)
    turns = points[-1][0] - points[0][0]
    points.pop()
    if len(points) < 3:
        return None
    # Land lies to the right of every line, so that a hole turns left. Only the ring round the pole ends a turn apart.
    if turns == 0 and (area([*points, points[0]]) > 0) != is_hole:
        points.reverse()
    out = bytearray(varint(len(points) * 2 + is_hole))
    x = y = 0
    for point in points:
        out += zigzag(point[0] - x) + zigzag(point[1] - y)
        x, y = point
    return bytes(out)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        topology = json.load(file)
    for ring, is_hole in read_rings(topology):
        narrow = math.cos(math.radians(ring[0][1]))
        smallest = NEAR_AREA_MIN if any(is_near(*point) for point in ring) else FAR_AREA_MIN
        small = narrow * abs(area(ring)) < smallest
        line = None if small else encoded(ring, is_hole)
        if line:
            sys.stdout.buffer.write(line)


if __name__ == "__main__":
    main()
