# Cancela: two commands are enough. `make run` shows the product, `make test` proves it.

# The first Python that is new enough; name another with `make PYTHON=python3.13 …`.
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin

.PHONY: help run install test check lint types structure messages test-faults bench-gate bench-recognition bench-scale bench-tolerance train clean

help: ## what there is
	@grep -hE '^[a-z.-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

run: install ## start everything with a demonstration condominium (FRAMES=folder: pictures of your own; PORT=8000; EMPTY=1: begin with the set-up)
	@$(BIN)/python -m anpr_site.run $(if $(FRAMES),--frames "$(FRAMES)") $(if $(PORT),--port $(PORT)) $(if $(EMPTY),--empty)

install:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (Debian, Ubuntu: apt install python3)" >&2; exit 1; }
	@$(PYTHON) anpr_site/bootstrap.py requirements.txt

install-dev:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (Debian, Ubuntu: apt install python3)" >&2; exit 1; }
	@$(PYTHON) anpr_site/bootstrap.py requirements.txt requirements-dev.txt
	@sh tests/install-programs
	@sh tests/install-esphome

test: install-dev ## install what the tests need, and run all of them
	@sh tests/run

check: install-dev lint types structure ## style, types, direction of imports

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy .

structure:
	$(BIN)/lint-imports
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -W error manage.py makemigrations --check --dry-run

messages: install-dev ## collect and compile the Portuguese texts
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py makemessages -l pt_BR --no-location --no-obsolete --no-wrap -i .venv -i var -i tests -i firmware
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py compilemessages -l pt_BR -i .venv

# VEHICLES=0 leaves the first part out, CONTROLLERS=1,20,200 says how many boards, ALL_REAL=1 once more all on MicroPython, POSTGRES=1
# on a PostgreSQL of its own.
bench-gate: install-dev ## 60 vehicles through lane, decision, broker and controller; then decision to pulse with 1, 20, 200 controllers
	@$(if $(filter 0,$(VEHICLES)),:,$(BIN)/python -m tests.bench_gate $(if $(VEHICLES),--vehicles $(VEHICLES)))
	@$(BIN)/python -m tests.gate_bench $(if $(CONTROLLERS),--controllers $(CONTROLLERS)) $(if $(ALL_REAL),--all-real) \
		$(if $(POSTGRES),--postgres)

# COMMANDS=10000, SEED=1, FAULTS=, STEPS= by commas; BROKER=mosquitto, POSTGRES=1; JSON=file
test-faults: install-dev ## 10,000 commands while broker, network, boards, servers, database and clocks fail; about half an hour
	@$(BIN)/python -m tests.faults $(if $(COMMANDS),--commands $(COMMANDS)) $(if $(SEED),--seed $(SEED)) \
		$(if $(FAULTS),--faults "$(FAULTS)") $(if $(STEPS),--steps "$(STEPS)") $(if $(BROKER),--broker $(BROKER)) \
		$(if $(POSTGRES),--postgres) --json "$(or $(JSON),var/faults.json)"

bench-tolerance: install ## what each policy lets in and keeps waiting, with real reads of PLATES=../shared/plates
	@$(BIN)/python -m tests.bench_tolerance $(if $(PLATES),--plates "$(PLATES)") $(if $(REGISTRIES),--registries $(REGISTRIES))

# PASSAGES=10000000 takes about 25 GB of disk. PLANS=1 also prints how each page's slowest query is answered.
bench-scale: install ## how long pages take with very many passages (PASSAGES=1000000), on a PostgreSQL of its own
	@$(BIN)/python -m tests.bench_scale $(if $(PASSAGES),--passages $(PASSAGES)) $(if $(PLANS),--plans) $(if $(ONLY),--only "$(ONLY)")

# PLATES=, MODELS=, OUT= folders; ENGINES=, SETS=, LIMIT=, LANES= measure less; WEIGHTS=engine=folder measures others;
# ACCEPT=1 [LOWER=reason] takes the last run over into figures, floors and tables.
bench-recognition: install ## every engine over every labelled set of PLATES=../shared/plates, and a peer
	@$(BIN)/python -m tests.bench_recognition $(if $(PLATES),--plates "$(PLATES)") $(if $(MODELS),--models "$(MODELS)") \
		$(if $(OUT),--out "$(OUT)") $(if $(ENGINES),--engines $(ENGINES)) $(if $(SETS),--sets $(SETS)) \
		$(if $(LIMIT),--limit $(LIMIT)) $(if $(WEIGHTS),--weights $(WEIGHTS)) $(if $(LANES),--lanes $(LANES)) $(if $(ACCEPT),--accept) $(if $(LOWER),--lower "$(LOWER)")

# The plate reader that transcribes sets without texts, where it is there.
TEACHER = $(wildcard $(or $(MODELS),../shared/models)/cct_xs_v2_global.onnx)

# MODELS=, WORK=var/training folders; STEP=all, SEED=, MINUTES=, BACKGROUNDS= as `python -m recognition.training` has them.
train: ## the weights anew out of PLATES=../shared/plates, in an environment of its own
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (Debian, Ubuntu: apt install python3)" >&2; exit 1; }
	@test -x .venv-train/bin/python || $(PYTHON) -m venv .venv-train
	@.venv-train/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt \
		-r requirements-train.txt numpy opencv-python-headless tqdm
	@.venv-train/bin/python -m recognition.training $(or $(STEP),all) --plates "$(or $(PLATES),../shared/plates)" \
		--work "$(or $(WORK),var/training)" $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED)) \
		$(if $(BACKGROUNDS),--backgrounds "$(BACKGROUNDS)") $(if $(TEACHER),--teacher "$(TEACHER)")

constraints.txt: requirements.txt requirements-dev.txt ## after a change of these: pin the whole tree again
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header -o $@ $^

constraints-esphome.txt: requirements-esphome.txt ## the same of what checks ESPHome's configurations
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header -o $@ $^

clean: ## remove what make run and make test made
	rm -rf .venv .venv-train .venv-esphome var .mypy_cache .ruff_cache .pytest_cache
