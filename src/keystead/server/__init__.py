"""The shell around the service: sockets, limits, threads, processes. asyncio exists here alone."""
