"""What the fake Stripe's pages say to a customer, in English and Korean."""

from collections.abc import Mapping

type Words = Mapping[str, str]

LANGUAGES: Mapping[str, Words] = {
    "en": {
        "lang": "en",
        "bank": "Your bank asks: is it you?",
        "approve": "Approve",
        "fail": "It is not me",
        "wallet": "Pay with {kind}",
        "pay": "Pay",
        "decline": "Decline",
        "processing": "Pay, slowly",
        "leave": "Walk away",
        "done": "Done",
        "thanks": "Thank you. You may close this page.",
        "gone": "Nothing to do here",
        "waits": "This payment does not wait for you.",
        "with": "Pay with",
        "number": "Card number",
        "month": "Month",
        "year": "Year",
        "cvc": "Security code",
        "tests": "Test cards",
        "pays": "pays",
        "asks": "asks the bank",
        "declines": "is declined",
        "wait": "One moment...",
        "save": "Save this payment method for later.",
        "keep": "Save",
        "sandbox": "Sandbox: no money moves.",
        "card": "Card",
        "kr_card": "Korean card",
        "naver_pay": "Naver Pay",
        "kakao_pay": "Kakao Pay",
        "samsung_pay": "Samsung Pay",
        "payco": "Payco",
    },
    "ko": {
        "lang": "ko",
        "bank": "은행이 묻습니다: 본인이신가요?",
        "approve": "네, 승인합니다",
        "fail": "제가 아니에요",
        "wallet": "{kind}로 결제",
        "pay": "결제하기",
        "decline": "거절",
        "processing": "천천히 결제",
        "leave": "그냥 나가기",
        "done": "끝났어요",
        "thanks": "고맙습니다. 이 창을 닫아도 됩니다.",
        "gone": "할 일이 없어요",
        "waits": "이 결제는 기다리고 있지 않아요.",
        "with": "결제 방법",
        "number": "카드 번호",
        "month": "월",
        "year": "년",
        "cvc": "보안 코드",
        "tests": "시험용 카드",
        "pays": "결제됨",
        "asks": "은행이 확인함",
        "declines": "거절됨",
        "wait": "잠시만요...",
        "save": "이 결제 수단을 저장합니다.",
        "keep": "저장하기",
        "sandbox": "시험용입니다. 돈은 움직이지 않아요.",
        "card": "카드",
        "kr_card": "국내 카드",
        "naver_pay": "네이버페이",
        "kakao_pay": "카카오페이",
        "samsung_pay": "삼성페이",
        "payco": "페이코",
    },
}


def of_request(query: str, cookies: str, accepted: str) -> Words:
    """The words that somebody reads: as asked for, as chosen before, as their browser prefers."""
    chosen = dict(part.strip().partition("=")[::2] for part in cookies.split(";"))
    for asked in (query, chosen.get("lang", ""), accepted[:2].lower()):
        if asked in LANGUAGES:
            return LANGUAGES[asked]
    return LANGUAGES["en"]
