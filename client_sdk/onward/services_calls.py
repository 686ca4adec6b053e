"""The calls about services that agencies offer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Unpack

from onward.session import Session, Steps, WriteOptions
from onward.v1.services_pb2 import (
    HeldServices,
    ListServicesRequest,
    ListServicesResponse,
    PublishServicesRequest,
    ServiceOffer,
)


class ServicesCalls(Session):
    """Publishing the agency's own list of services, and reading all that the node holds."""

    def publish_services(
        self,
        services: Iterable[ServiceOffer],
        *,
        expected_seq: int = 0,
        valid_days: int = 0,
        **options: Unpack[WriteOptions],
    ) -> Steps[HeldServices]:
        """Publish all services of the agency, in place of its list before.

        `expected_seq` is the number of that list, 0 for the first. `valid_days`: 0 means 30.
        """
        request = PublishServicesRequest(
            expected_seq=expected_seq, services=services, valid_days=valid_days
        )
        return self.write(request, HeldServices, options)

    def list_services(
        self, *, agency: str = "", service_type: str = "", country: str = ""
    ) -> Steps[list[HeldServices]]:
        """List the services that the node knows of, agency by agency. Nobody else is asked.

        Of one agency, of a type or what is part of it, in a country; all if nothing is given.
        """
        request = ListServicesRequest(agency=agency, service_type=service_type, country=country)
        return list((yield from self.ask(request, ListServicesResponse)).lists)
