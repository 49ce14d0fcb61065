FROM node:24-slim AS build
WORKDIR /console
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npx next build && npm prune --omit=dev

FROM node:24-slim
# The system's trust store: without it `sslrootcert=system` has nothing to stand on.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
  && useradd --uid 10001 --create-home console \
  && install -d -o 10001 -g 10001 -m 0700 /data
WORKDIR /console
COPY --from=build --chown=root:root /console ./
USER 10001
ENV NODE_ENV=production CLOAK_DB_CONFIG_DIR=/data/config CLOAK_DB_STATE_DIR=/data/state
VOLUME /data
EXPOSE 3000
HEALTHCHECK CMD node -e "fetch('http://127.0.0.1:3000/api/health').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"
CMD ["node", "bin/cloak-db", "start", "--host", "0.0.0.0"]
