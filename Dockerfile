# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build
ARG TARGETOS TARGETARCH VERSION
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -gcflags=all=-l -gcflags=std= -ldflags "-s -w -funcalign=4 -X main.release=$VERSION" -o /provision ./cmd/provision

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /provision /provision
ENV PROVISION_REQUIRE_ACCOUNT=1 HOME=/work
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/provision"]
