"""What a person waits for in the browser, behind a server that takes its time. `python -m benchmarks.ui`"""
