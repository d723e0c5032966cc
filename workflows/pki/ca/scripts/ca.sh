#!/bin/bash
set -euo pipefail
umask 077
work=$(mktemp -d "$PWD/XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

# A value goes into an openssl configuration below: nothing that has a meaning there gets through.
[[ $INPUT_COMMON_NAME =~ ^[A-Za-z0-9][A-Za-z0-9\ ._:@-]{0,63}$ ]] || {
  echo "common_name: not a plain name" >&2
  exit 1
}

cat >ca.cnf <<CNF
[req]
prompt = no
distinguished_name = subject
[subject]
CN = $INPUT_COMMON_NAME
[ca]
default_ca = authority
[authority]
database = index.txt
new_certs_dir = .
default_md = sha256
policy = policy
rand_serial = yes
[policy]
commonName = supplied
[extensions]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
CNF
: >index.txt

# Valid from an hour ago: a machine that has just booted may have its clock behind.
now=$(date +%s)
from=$(date -u -d "@$((now - 3600))" +%Y%m%d%H%M%SZ)
to=$(date -u -d "@$((now + INPUT_DAYS * 86400))" +%Y%m%d%H%M%SZ)

openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out key.pem
openssl req -new -config ca.cnf -key key.pem -out request.pem
openssl ca -batch -notext -config ca.cnf -selfsign -in request.pem -keyfile key.pem -out certificate.pem \
  -startdate "$from" -enddate "$to" -extensions extensions

cp certificate.pem "$FORMWORK_OUTPUTS/certificate"
cp key.pem "$FORMWORK_OUTPUTS/key"
openssl x509 -in certificate.pem -noout -subject -enddate -fingerprint -sha256
