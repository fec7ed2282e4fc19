"""Tables: files whose rows are texts (JSONL, Parquet), cleaned row by row, in pieces that go to several processes."""
