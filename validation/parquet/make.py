"""Writes the files of this case. Needs polars 2.1.0 and pyarrow 26.0.1: python3 make.py"""

import datetime

import polars
import pyarrow
import pyarrow.parquet

UTC = datetime.timezone.utc
START = datetime.datetime(2021, 9, 9, 17, 25, 0, 50_000, tzinfo=UTC)
TIMES = [START + datetime.timedelta(seconds=10 * i) for i in range(5)]
COLUMNS = {
    "time": TIMES,
    "sensor": ["wsmr-a", "wsmr-b", "wsmr-a", "ship", "bad"],
    "range_m": [8076.5, 109000.125, None, None, -1.0],
    "azimuth_deg": [34.6344, -90.0, 0.1, None, 1.0],
    "elevation_deg": [-0.0497, 45.0, None, None, 1.0],
    "lat_deg": [None, None, None, 36.1, None],
    "lon_deg": [None, None, None, 127.5, None],
    "height_m": [None, None, None, 180.0, None],
    "target": [None, "71be0a", None, "ΠΛΟΙΟ", None],
}

table = pyarrow.table(COLUMNS)
table = table.set_column(0, "time", table["time"].cast(pyarrow.timestamp("us", "UTC")))
pyarrow.parquet.write_table(table, "pyarrow.parquet", compression="snappy")
pyarrow.parquet.write_table(table, "pyarrow-int96.parquet", compression="none", use_deprecated_int96_timestamps=True)

frame = polars.DataFrame(COLUMNS).with_columns(polars.col("time").cast(polars.Datetime("ns", "UTC")))
frame.write_parquet("polars.parquet", compression="snappy")
frame.write_parquet("polars-zstd.parquet", compression="zstd")
words = frame.with_columns(polars.col("time").dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ"))
words.write_parquet("polars-text.parquet", compression="uncompressed")
