"""What the template's references mean in the deployed stack, for those that the pump needs."""

from typing import Any

from sandbox.cloud.ministack import Connect


class References:
    """Looked up anew each time: after a loss of the cloud's state the names may have changed.

    Raises LookupError for a resource that the stack does not have (yet).
    """

    def __init__(self, connect: Connect, stack: str) -> None:
        self._stack = stack
        self._cloudformation = connect("cloudformation")
        self._dynamodb = connect("dynamodb")
        self._sqs = connect("sqs")

    def name(self, reference: Any) -> str:  # noqa: ANN401 - JSON of the template
        """The physical name behind a Ref, a GetAtt or a plain string."""
        if isinstance(reference, str):
            return reference
        answer = self._cloudformation.describe_stack_resource(
            StackName=self._stack, LogicalResourceId=_logical_id(reference)
        )
        return str(answer["StackResourceDetail"]["PhysicalResourceId"])

    def stream_arn(self, reference: Any) -> str:  # noqa: ANN401 - JSON of the template
        if isinstance(reference, str):
            return reference
        table = self._dynamodb.describe_table(TableName=self.name(reference))["Table"]
        if "LatestStreamArn" not in table:
            raise LookupError(f"table {table['TableName']} has no stream")
        return str(table["LatestStreamArn"])

    def queue_url(self, reference: Any) -> str:  # noqa: ANN401 - JSON of the template
        name = self.name(reference)
        if name.startswith("arn:"):
            return str(self._sqs.get_queue_url(QueueName=name.rsplit(":", 1)[-1])["QueueUrl"])
        return name


def _logical_id(reference: dict[str, Any]) -> str:
    [(function, operand)] = reference.items()
    if function == "Ref":
        return str(operand)
    if function == "Fn::GetAtt":
        return str(operand[0] if isinstance(operand, list) else operand.split(".")[0])
    raise LookupError(f"the pump cannot resolve {reference}")
