"""Lists of rows without end: what came, what was decided, the journal.

Counting ten million rows takes longer than showing any of them, so that these count only as far as anybody reads.
"""

from functools import cached_property
from typing import Any

from django.contrib.admin import ShowFacets
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from unfold.views import ChangeList

from premises.api_filters import Pages

# How far is counted; always one page further than the one that is looked at, so that every row can be come to.
MOST = 10_000
# Of what is searched for each row has to be looked at; and of less than three characters no index knows anything.
MOST_FOUND = 250
INDEXED = 3


def most_of(searched: str) -> int:
    """How far is counted of what a text was searched for; all alike where it is empty."""
    words = searched.split()
    if not words:
        return MOST
    return MOST_FOUND if min(map(len, words)) >= INDEXED else 0


def counted(rows: QuerySet[Any], most: int) -> int:
    """How many rows there are; `most` + 1 where there are more than `most`."""
    return rows.order_by().values("pk")[: most + 1].count()


def keys(rows: QuerySet[Any], first: int, last: int) -> list[Any]:
    """Of the rows from `first` to before `last`, in their order."""
    return list(rows.values_list("pk", flat=True)[first:last])


def fetched(rows: QuerySet[Any], ids: list[Any]) -> list[Any]:
    """The rows of these ids, in this order: found first, and only then joined with all that is shown of them."""
    found = {row.pk: row for row in rows.order_by().filter(pk__in=ids)}
    return [found[pk] for pk in ids if pk in found]


class LongPaginator(Paginator):  # type: ignore[type-arg]  # generic for the checker only
    """`is_more`: there are more than `count`. What was searched for is looked for once, counted and shown from that."""

    template_name = "premises/long_pagination.html"
    object_list: Any
    most = MOST
    searched = False

    @cached_property
    def _keys(self) -> list[Any]:
        return keys(self.object_list, 0, self.most + 1)

    @cached_property
    def _counted(self) -> int:
        return len(self._keys) if self.searched else counted(self.object_list, self.most)

    @property
    def count(self) -> int:
        return min(self._counted, self.most)

    @property
    def is_more(self) -> bool:
        return self._counted > self.most

    def page(self, number: int | str) -> "Page[Any]":
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        last = first + self.per_page
        ids = self._keys[first:last] if self.searched else keys(self.object_list, first, last)
        return Page(fetched(self.object_list, ids), number, self)


class LongChangeList(ChangeList):  # type: ignore[misc]  # the theme has no types
    """What was searched for and fits one page comes from its paginator, too: that has looked for it already."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if self.paginator.searched and not self.multi_page:
            self.result_list = self.paginator.page(1).object_list


class LongList:
    """An admin list that is counted no further than `MOST`, and not once for each choice of each filter."""

    show_facets = ShowFacets.NEVER

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[LongChangeList]:
        return LongChangeList

    def get_paginator(
        self,
        request: HttpRequest,
        queryset: Any,
        per_page: int,
        orphans: int = 0,
        allow_empty_first_page: bool = True,
    ) -> LongPaginator:
        paginator = LongPaginator(queryset, per_page, orphans, allow_empty_first_page)
        asked = request.GET.get(PAGE_VAR, "1")
        page = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 8 else 1
        searched = request.GET.get(SEARCH_VAR, "")
        paginator.most = max(most_of(searched), (page + 1) * per_page)
        paginator.searched = bool(searched.strip())
        return paginator


class LongPages(Pages):
    """As `Pages`, but `count` goes no further than 10,000, or one row past this page; `more` says that it stopped.

    By the parameter `plate` rows are searched for: of them it counts less.
    """

    is_more = False

    def get_count(self, queryset: QuerySet[Any]) -> int:  # type: ignore[override]
        return self._at_most(counted(queryset, self._most), self._most)

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: APIView | None = None) -> list[Any]:  # type: ignore[override]
        self.request, self.limit, self.offset = request, self.get_limit(request), self.get_offset(request)
        first, last = self.offset, self.offset + self.wanted
        if self._searched:
            found = keys(queryset, 0, self._most + 1)
            self.count, ids = self._at_most(len(found), self._most), found[first:last]
        else:
            self.count, ids = self.get_count(queryset), keys(queryset, first, last)
        return fetched(queryset, ids)

    def _at_most(self, found: int, most: int) -> int:
        self.is_more = found > most
        return min(found, most)

    @property
    def _searched(self) -> str:
        return self.request.query_params.get("plate", "").strip() if self.request else ""

    @property
    def _most(self) -> int:
        return max(most_of(self._searched), (self.offset or 0) + self.wanted + 1)

    @property
    def wanted(self) -> int:
        return int(self.limit or 0)

    def get_paginated_response(self, data: Any) -> Response:
        answer = super().get_paginated_response(data)
        answer.data["more"] = self.is_more
        return answer

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        said: dict[str, Any] = super().get_paginated_response_schema(schema)
        said["required"] = [*said["required"], "more"]
        said["properties"]["more"] = {"type": "boolean", "description": "There are more than `count`."}
        return said
