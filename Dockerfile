FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && node deploy/lay-out-image.mjs /console

FROM node:24-slim
# The system's trust store: without it `sslrootcert=system` has nothing to stand on. npm has nothing to do here.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
  && rm -rf /usr/local/lib/node_modules/npm /usr/local/bin/npm /usr/local/bin/npx \
  && useradd --uid 10001 --create-home console \
  && install -d -o 10001 -g 10001 -m 0700 /data
WORKDIR /console
COPY --from=build --chown=root:root /console ./
USER 10001
ENV NODE_ENV=production CLOAK_DB_CONFIG_DIR=/data/config CLOAK_DB_STATE_DIR=/data/state
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/api/health').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "bin/cloak-db", "start", "--host", "0.0.0.0"]
