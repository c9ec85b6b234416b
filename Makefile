# `make help` lists the targets.

# Which cluster: the sandbox called NAME, or with CLUSTER=current the one that kubectl's current context points to.
# Plain assignments: only make's own command line changes them, the environment does not.
CLUSTER = sandbox
NAME = default
# Tests have sandboxes of their own, so that they never meet somebody's stack.
test integration rules molecule: override NAME = test
# What molecule runs side by side, by its sandbox: three take about as long as each other, and mostly wait.
SCENARIOS_test = move gitops
SCENARIOS_test2 = default helm
SCENARIOS_test3 = $(filter-out $(SCENARIOS_test) $(SCENARIOS_test2),$(patsubst molecule/%/,%,$(wildcard molecule/*/)))
MOLECULE_SANDBOXES = molecule-test molecule-test2 molecule-test3

CACHE := $(or $(LONGTERM_METRICS_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/longterm-metrics)
REQUIREMENTS := requirements.txt tests/requirements.txt
VENV := $(CACHE)/venv-$(shell cat $(REQUIREMENTS) | sha256sum | cut -c1-12)
# Written last: a virtual environment without it is made anew.
READY := $(VENV)/complete

ifeq ($(CLUSTER),sandbox)
INVENTORY := inventories/sandbox
TARGET_KUBECONFIG = /var/opt/longterm-metrics/$(NAME)/kubeconfig
TARGET_CONTEXT = lm-$(NAME)
else ifeq ($(CLUSTER),current)
INVENTORY := inventories/local
TARGET_KUBECONFIG := $(or $(KUBECONFIG),$(HOME)/.kube/config)
TARGET_CONTEXT := $(shell KUBECONFIG='$(TARGET_KUBECONFIG)' kubectl config current-context)
ifeq ($(TARGET_CONTEXT),)
$(error CLUSTER=current needs kubectl and a current context in $(TARGET_KUBECONFIG))
endif
else
$(error CLUSTER is sandbox or current, not $(CLUSTER))
endif
TARGET = -i $(INVENTORY) -e metrics_kubeconfig='$(TARGET_KUBECONFIG)' -e metrics_context='$(TARGET_CONTEXT)'
TARGET_ENVIRONMENT = LONGTERM_METRICS_KUBECONFIG='$(TARGET_KUBECONFIG)' LONGTERM_METRICS_CONTEXT='$(TARGET_CONTEXT)' K8S_AUTH_KUBECONFIG='$(TARGET_KUBECONFIG)' K8S_AUTH_CONTEXT='$(TARGET_CONTEXT)'

# Nothing the caller's environment says about clusters or Ansible reaches a command below.
unexport KUBECONFIG $(filter K8S_AUTH_% ANSIBLE_%,$(.VARIABLES))
export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg
# kubernetes.core lies in the cache, for the engine helm.
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/collections:$(CACHE)/collections:$(HOME)/.ansible/collections:/usr/share/ansible/collections
export PATH := $(VENV)/bin:$(CACHE)/bin:$(PATH)

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
# Nothing runs side by side but what is made to.
ifndef SIDE_BY_SIDE
.NOTPARALLEL:
endif
# `make test` goes on after a failure, and fails at its end.
MAKEFLAGS += --keep-going
.DEFAULT_GOAL := help
.PHONY: help up down cluster sandbox-up sandbox-down sandbox-status test beside lint unit unit-quick unit-slow sanity integration rules molecule $(MOLECULE_SANDBOXES) throw-away path bench docs dashboards

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' Makefile
	echo
	echo "  CLUSTER=current    instead of the sandbox: the cluster of kubectl's current context"
	echo "  NAME=second        another sandbox beside the one called default"

up: cluster ## the stack on the cluster, and the proofs that it works
	ansible-playbook site.yml $(TARGET)
	ansible-playbook playbooks/verify.yml $(TARGET)

down: $(READY) ## remove the stack, but for CRDs, namespaces and volumes
	ansible-playbook playbooks/teardown.yml $(TARGET)

ifeq ($(CLUSTER),sandbox)
cluster: $(READY)
	@rendered=$$(mktemp -d)
	trap 'rm -rf "$$rendered"' EXIT
	# Which images the inventory asks for. The CRDs name none, and may be yet to come out of the build.
	ansible-playbook playbooks/render.yml $(TARGET) -e metrics_rendered_to="$$rendered" -e prometheus_operator_crds=false \
	  >"$$rendered/log" || { cat "$$rendered/log"; exit 1; }
	# The tests run programs of their own beside it.
	[[ '$(NAME)' != test* ]] || cp molecule/*/templates/*.yaml "$$rendered"
	python -m sandbox --name $(NAME) up --images-for "$$rendered"
else
cluster: $(READY)
	@echo 'Cluster: context $(TARGET_CONTEXT) of $(TARGET_KUBECONFIG)'
endif

sandbox-up: $(READY) ## make the sandbox, or repair it
	python -m sandbox --name $(NAME) up

sandbox-down: $(READY) ## remove the sandbox and all it left on the machine
	python -m sandbox --name $(NAME) down

sandbox-status: $(READY) ## whether the sandbox runs, and where its kubeconfig is
	python -m sandbox --name $(NAME) status

# $(call timed,name,commands): a heading, the commands, and how they ended.
define timed
@printf '\n== %s\n' '$(1)'
start=$$SECONDS
{ $(2); } && ended=passed || ended=FAILED
printf '== %s %s after %d s\n' '$(1)' $$ended $$((SECONDS - start))
[ $$ended = passed ]
endef

# Files of tests side by side; those of integration mostly wait for pods.
PARALLEL = --dist loadfile --numprocesses=

# For targets side by side; what each says comes at its end.
ABREAST = SIDE_BY_SIDE=yes --output-sync=target

test: unit-quick beside molecule ## all that CI runs

# What only computes, one after another, beside the tests that mostly wait for pods.
beside: $(READY)
	@$(MAKE) $(ABREAST) --jobs=2 lint integration sanity rules unit-slow

lint: $(READY) ## ruff, mypy, yamllint and ansible-lint
	$(call timed,lint,ruff check . && ruff format --check . && mypy && yamllint --strict . && ansible-lint)

unit: unit-quick unit-slow ## unit tests

unit-quick: $(READY)
	$(call timed,unit,pytest tests/unit -m 'not slow' $(PARALLEL)2)

unit-slow: $(READY)
	$(call timed,slow unit tests,pytest tests/unit -m slow)

sanity: $(READY) ## ansible-test sanity on the built collection
	$(call timed,sanity,python tests/sanity.py)

integration: throw-away cluster ## the modules against the cluster
	$(call timed,integration,export $(TARGET_ENVIRONMENT) && pytest tests/integration -m 'not alone' $(PARALLEL)4 && pytest tests/integration -m alone)

# After the sandbox, whose build brings promtool.
rules: cluster ## the alerts, by promtool
	$(call timed,rules,pytest tests/rules)

# $(call molecule_test,scenarios): on an empty cluster.
define molecule_test
export $(TARGET_ENVIRONMENT) MOLECULE_EPHEMERAL_DIRECTORY='$(CACHE)/molecule-$(NAME)'
# The scenarios bring kubernetes.core; Ansible passes by a folder that is not there when it starts.
mkdir -p '$(CACHE)/collections/ansible_collections'
{ molecule destroy && molecule test $(1); } 2>&1 | tee '$(CACHE)/molecule-$(NAME).log'
endef
# What went wrong comes last: Molecule goes on to the end of its sequence, and says no more then.
or_say_why = || { grep --no-filename -B 20 'Return code: [1-9]' $(1:%='$(CACHE)/%.log'); false; }

ifeq ($(CLUSTER),sandbox)
molecule: $(READY) ## the whole stack on an empty cluster, in each of its ways
	@echo 'What molecule says stands in $(CACHE)/molecule-*.log until it ends.'
	$(call timed,molecule,$(MAKE) $(ABREAST) --jobs=3 $(MOLECULE_SANDBOXES) $(call or_say_why,$(MOLECULE_SANDBOXES)))
else
molecule: throw-away $(READY)
	$(call timed,molecule,$(call molecule_test,--all) $(call or_say_why,molecule-$(NAME)))
endif

$(MOLECULE_SANDBOXES): override NAME = $(@:molecule-%=%)
$(MOLECULE_SANDBOXES): $(READY)
	$(call timed,molecule in the sandbox $(NAME): $(SCENARIOS_$(NAME)),$(call molecule_test,$(SCENARIOS_$(NAME):%=--scenario-name=%)))

throw-away:
ifeq ($(CLUSTER),current)
	@if [[ '$(TARGET_KUBECONFIG)' = *:* ]]; then
	  echo 'The tests take one kubeconfig file, not several: $(TARGET_KUBECONFIG). To make one of them, for KUBECONFIG to name:'
	  echo '  kubectl config view --minify --flatten >FILE'
	  exit 1
	fi
	kubectl='kubectl --kubeconfig $(TARGET_KUBECONFIG) --context $(TARGET_CONTEXT)'
	mark=$$($$kubectl get namespace kube-system --output jsonpath='{.metadata.labels.longterm\.metrics/throw-away}')
	if [ "$$mark" != true ]; then
	  echo 'The tests refuse the cluster of context $(TARGET_CONTEXT): it is not marked as one to throw away. To mark it:'
	  echo "  $$kubectl label namespace kube-system longterm.metrics/throw-away=true"
	  exit 1
	fi
endif

bench: cluster ## side by side with kubectl, helm and kubernetes.core
	$(TARGET_ENVIRONMENT) python -m bench $(if $(filter current,$(CLUSTER)),--current)

docs: $(READY) ## write docs/variables.md anew
	python docs/variables.py

dashboards: $(READY) ## write roles/dashboards/files anew
	python -m dashboards

# For scripts: where the programs are that everything here was tested with.
path: $(READY)
	@echo '$(VENV)/bin:$(CACHE)/bin'

$(READY):
	@PATH=$${PATH#*:}
	find_python() {
	  for python in python3 python3.13 python3.12 python3.11; do
	    "$$python" -c 'import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo "$$python" && return
	  done
	  return 1
	}
	mkdir -p '$(CACHE)'
	exec {lock}>'$(VENV).lock' && flock $$lock
	[ ! -e '$@' ] || exit 0
	if ! find_python >/dev/null && command -v apt-get >/dev/null; then
	  apt-get -qq update
	  DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends python3-venv
	fi
	python=$$(find_python) || { echo 'No Python 3.11, 3.12 or 3.13 with its venv module was found; install python3-venv.'; exit 1; }
	echo 'Installing $(REQUIREMENTS) into $(VENV)'
	rm -rf '$(VENV)'
	"$$python" -m venv '$(VENV)'
	'$(VENV)/bin/pip' install --quiet --disable-pip-version-check $(REQUIREMENTS:%=--requirement %)
	touch '$@'
