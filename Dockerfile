# Built with everything, run without the developers' packages, as a user without rights.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
# The same steps as `npm start`, without starting.
RUN node server/start.mjs --prepare && npm prune --omit=dev --no-audit --no-fund \
  && touch dist/server/main.js .next/BUILD_ID public/verify/SHA256SUMS

FROM node:22-bookworm-slim
WORKDIR /app
RUN useradd --system --create-home --home-dir /data --shell /usr/sbin/nologin concordat
COPY --from=build /app /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 CONCORDAT_DATA=/data
USER concordat
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=6 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["node", "server/start.mjs"]
