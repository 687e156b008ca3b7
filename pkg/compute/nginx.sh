#!/bin/bash
# Installs nginx on Amazon Linux 2023 and starts it. Its packages come from S3, by way of the NAT gateway or the
# gateway endpoint, which may take a moment after the instance: so it is tried for a while.
set -u

for attempt in {1..30}; do
  dnf install -y nginx && break
  echo "nginx could not be installed (attempt ${attempt}), trying again"
  sleep 10
done

metadata() {
  curl -sf -m 5 -H "X-aws-ec2-metadata-token: ${token}" "http://169.254.169.254/latest/meta-data/$1" || echo unknown
}
token=$(curl -sf -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)

cat > /usr/share/nginx/html/index.html <<PAGE
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Welcome to nginx!</title></head>
<body>
<h1>Welcome to nginx!</h1>
<p>Served by $(metadata instance-id) in $(metadata placement/availability-zone).</p>
</body>
</html>
PAGE

systemctl enable --now nginx
