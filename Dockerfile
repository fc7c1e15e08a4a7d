# One static program in an empty image. Every command is a target of the Makefile, so
# that `make test-image` can run them where there is no Docker.
FROM golang:1.26-bookworm AS build
WORKDIR /src
# The modules first: they stay in the layer cache until go.mod changes.
COPY go.mod go.sum Makefile ./
RUN make deps
COPY . .
# The release that `tollgate version` tells: --build-arg RELEASE=v1.2.3
ARG RELEASE=
RUN make image-root RELEASE="$RELEASE"

FROM scratch
COPY --from=build /src/dist/image/etc /etc
COPY --from=build /src/dist/image/tollgate /tollgate
# An empty directory of the user's own: a new volume takes its owner from here.
COPY --from=build --chown=65532:65532 /src/dist/image/data /data
# Not in CMD: other commands in the container, and `serve --config FILE`, need them too.
ENV TOLLGATE_LISTEN=0.0.0.0:4000 TOLLGATE_DATABASE=/data/tollgate.db
# SQLite's temporary files go where it may write: the root can be read-only.
WORKDIR /data
VOLUME /data
USER 65532:65532
EXPOSE 4000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/tollgate", "health"]
ENTRYPOINT ["/tollgate"]
CMD ["serve"]
