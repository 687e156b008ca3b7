"""LocalStack as the tests run it: two services more, and an end when its parent ends.

The community edition has no Elastic Load Balancing v2 and no Auto Scaling. Moto, on which LocalStack's own EC2 rests,
has both: served from the Moto of the same process, they see the subnets and launch templates that EC2 made.
"""

import os
import shutil
import stat
import sys
import threading

from localstack.aws.skeleton import Skeleton
from localstack.aws.spec import load_service
from localstack.services.moto import call_moto
from localstack.services.plugins import Service, aws_provider


def _from_moto(name: str) -> Service:
    model = load_service(name)
    dispatch = dict.fromkeys(model.operation_names, lambda context, request: call_moto(context))
    return Service(name, skeleton=Skeleton(model, dispatch))


@aws_provider()
def elbv2() -> Service:
    return _from_moto("elbv2")


@aws_provider()
def autoscaling() -> Service:
    return _from_moto("autoscaling")


def _end_with_parent() -> None:
    """Leaves when the pipe on standard input closes, which it does however the process at its other end died."""
    sys.stdin.buffer.read()
    shutil.rmtree(os.environ["FILESYSTEM_ROOT"], ignore_errors=True)
    os._exit(0)


def main() -> None:
    if stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Thread(target=_end_with_parent, daemon=True).start()

    from localstack.runtime.main import main as run

    run()


if __name__ == "__main__":
    main()
