"""Reads ours.parquet (or the file named) with three outside readers. Needs polars, pyarrow, duckdb."""

import sys

import duckdb
import polars
import pyarrow.parquet

path = sys.argv[1] if len(sys.argv) > 1 else "ours.parquet"
expected = {
    "sensor": ["wsmr-a", "wsmr-b", "wsmr-a", "ship"],
    "range_m": [8076.5, 109000.125, None, None],
    "azimuth_deg": [34.6344, 270.0, 0.1, None],
    "elevation_deg": [-0.0497, 45.0, None, None],
    "lat_deg": [None, None, None, 36.1],
    "lon_deg": [None, None, None, 127.5],
    "height_m": [None, None, None, 180.0],
    "target": [None, "71be0a", None, "ΠΛΟΙΟ"],
}
NS = [1631208300050000000 + 10_000_000_000 * i for i in range(4)]
frame = polars.read_parquet(path)
assert frame.drop("time").to_dict(as_series=False) == expected, frame
assert frame["time"].dtype == polars.Datetime("ns", "UTC"), frame.schema
assert frame["time"].to_physical().to_list() == NS
table = pyarrow.parquet.read_table(path)
assert table.drop(["time"]).to_pydict() == expected, table
assert table["time"].cast("int64").to_pylist() == NS
rows = duckdb.sql(f"select * exclude (time), epoch_ns(time) from '{path}'").fetchall()
assert rows == [(*values, ns) for *values, ns in zip(*expected.values(), NS)], rows
print("polars", polars.__version__, "pyarrow", pyarrow.__version__, "duckdb", duckdb.__version__, "read", path)
