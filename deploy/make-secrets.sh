#!/bin/sh
# `deploy/make-secrets.sh FOLDER`: what deploy/compose.yaml and deploy/compose-two.yaml mount. A key for the console, passwords
# for the databases, and a CA with a server certificate for the host name `database`. Needs openssl. What is there already
# stays as it is.
set -eu
folder=${1:?"Usage: deploy/make-secrets.sh FOLDER"}
umask 077
mkdir -p "$folder"
cd "$folder"

[ -s console-key ] || openssl rand -base64 48 | tr -d '\n' >console-key
for password in database-password store-owner-password store-password; do
  [ -s "$password" ] || openssl rand -hex 24 | tr -d '\n' >"$password"
done

if [ ! -s server.crt ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
    -subj "/CN=Cloak DB sample CA" -keyout ca.key -out ca.crt \
    -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign" 2>/dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=database" \
    -keyout server.key -out server.csr 2>/dev/null
  printf 'subjectAltName=DNS:database,DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' >server.ext
  openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 397 -extfile server.ext \
    -out server.crt 2>/dev/null
  # The CA's key has done its work: whoever has it could pose as the server.
  rm -f ca.key ca.srl server.csr server.ext
fi
# Certificates are no secret, and the database reads its own as its own user.
chmod 644 ca.crt server.crt
# The console runs as user 10001, and a secret keeps its owner.
if [ "$(id -u)" = 0 ]; then
  chown 10001:10001 console-key store-owner-password store-password
else
  echo "Now let the console read what is its own: (cd $folder && sudo chown 10001:10001 console-key store-owner-password store-password)"
fi
echo "$folder: console-key, database-password, store-owner-password, store-password, ca.crt, server.crt, server.key"
