"""Everything an operator may set, by environment (``KG_…``), with its limits and its meaning. ``kg doctor`` lists it.

Importing this module costs a tenth of a second (pydantic): import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from kg.errors import PolicyKGError

if TYPE_CHECKING:
    from search.encoders import EncoderSettings

__all__ = ["Settings"]


class Settings(BaseSettings):
    """The settings in force: what the environment says, else the defaults. Raises PolicyKGError for a bad value."""

    model_config = SettingsConfigDict(env_prefix="KG_", frozen=True, extra="ignore")

    workspace: Path = Field(Path("kg-data"), description="Thư mục dữ liệu.")
    reviewer: str = Field("", description="Tên ghi vào kết quả rà soát khi không nêu --by.")
    encoder: str = Field("", description="Mô hình nhúng cho tìm kiếm theo nghĩa; để trống: mô hình đi kèm.")
    encoder_query_prefix: str | None = Field(None, description="Chữ đặt trước câu hỏi, nếu mô hình cần (query: ).")
    encoder_passage_prefix: str | None = Field(None, description="Chữ đặt trước đoạn văn, nếu mô hình cần (passage: ).")
    encoder_normalise: bool = Field(True, description="Đưa véc-tơ về độ dài 1; 0: mô hình so bằng tích vô hướng.")
    encoder_batch: int = Field(32, ge=1, le=4_096, description="Số đoạn văn đưa vào mô hình một lượt.")
    encoder_device: str = Field("cpu", description="Thiết bị chạy mô hình: cpu, cuda, …")
    encoder_offline: bool = Field(False, description="Không hỏi mạng khi nạp mô hình, chỉ dùng bản đã tải.")
    link_threshold: float = Field(
        0.7, ge=0, le=1, description="Liên kết chưa rà soát có hiệu lực từ độ tin cậy này trở lên."
    )
    log: str = Field("", description="Nơi ghi nhật ký máy chủ: thư mục; để trống: logs/ trong kho; -: ra stderr.")
    read_open: bool = Field(True, description="Ai cũng đọc được phần công khai; 0: chỉ người đã đăng nhập.")
    read_seconds: float = Field(
        180, gt=0, le=86_400, description="Một tệp đọc mà im lặng lâu hơn thế này thì bị dừng, giây."
    )
    read_memory_mb: int = Field(2_048, ge=512, description="Bộ nhớ tối đa của một tiến trình đọc tệp, MB.")
    upload_mb: int = Field(50, ge=1, le=2_000, description="Dung lượng tối đa của một lần tải tệp lên, MB.")
    sparql_seconds: float = Field(10, gt=0, le=3600, description="Thời gian tối đa của một câu SPARQL, giây.")
    sparql_rows: int = Field(10_000, ge=1, description="Số dòng (hoặc bộ ba) tối đa của một kết quả SPARQL.")
    sparql_bytes: int = Field(10_000_000, ge=1_000, description="Dung lượng tối đa của một kết quả SPARQL, byte.")
    sparql_query_bytes: int = Field(200_000, ge=1_000, description="Độ dài tối đa của một câu SPARQL, byte.")
    sparql_memory_mb: int = Field(1_024, ge=128, description="Bộ nhớ tối đa của một tiến trình SPARQL, MB.")
    sparql_workers: int = Field(0, ge=0, le=64, description="Số tiến trình SPARQL; 0: nhiều hơn số lõi của máy một.")
    sparql_queue: int = Field(32, ge=0, description="Số câu SPARQL được chờ khi mọi tiến trình đều bận.")

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise PolicyKGError(_told(error)) from error

    def encoder_settings(self) -> EncoderSettings:
        """What is set for the model beside its name."""
        from search.encoders import EncoderSettings

        return EncoderSettings(
            query_prefix=self.encoder_query_prefix,
            passage_prefix=self.encoder_passage_prefix,
            normalise=self.encoder_normalise,
            batch_size=self.encoder_batch,
            device=self.encoder_device,
            offline=self.encoder_offline,
        )

    def listed(self) -> Iterator[tuple[str, str, bool]]:
        """(name of the environment variable, value in force, whether it differs from the default), by name."""
        for name, field in sorted(type(self).model_fields.items()):
            value = getattr(self, name)
            yield f"KG_{name}".upper(), f"{value}", value != field.default


def _told(error: ValidationError) -> str:
    problems = [
        f"KG_{'_'.join(map(str, one['loc']))}".upper() + f"={one['input']!r}: {one['msg']}" for one in error.errors()
    ]
    return "Cấu hình không hợp lệ: " + "; ".join(problems)
