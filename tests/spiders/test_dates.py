"""Days, places of delivery and countries of reviews, as each language writes them."""

from datetime import date

import pytest

from spiders.pages import dates, phrases
from tests.spiders.markup import product


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("March 22, 2026", (2026, 3, 22)),
        ("22 March 2026", (2026, 3, 22)),
        ("Sept. 5, 2014", (2014, 9, 5)),
        ("17. Mai 2019", (2019, 5, 17)),
        ("12 juil. 2018", (2018, 7, 12)),
        ("1er janvier 2020", (2020, 1, 1)),
        ("12 de marzo de 2020", (2020, 3, 12)),
        ("12 de março de 2020", (2020, 3, 12)),
        ("2 set. 2018", (2018, 9, 2)),
        ("3 mrt. 2021", (2021, 3, 3)),
        ("5 maja 2022", (2022, 5, 5)),
        ("5 paź 2022", (2022, 10, 5)),
        ("12 Mart 2023", (2023, 3, 12)),
        ("8 Şub 2020", (2020, 2, 8)),
        ("9 Ağustos 2021", (2021, 8, 9)),
        ("5 maj 2022", (2022, 5, 5)),
        ("2019/3/12", (2019, 3, 12)),
        ("2022 年 3 月 4 日", (2022, 3, 4)),
        ("٢٣ ديسمبر ٢٠٢٣", (2023, 12, 23)),
        ("12 मार्च 2023", (2023, 3, 12)),
        ("25.03.2020", (2020, 3, 25)),
        ("12/03/2020", None),
        ("March 2020", None),
        ("May 3, 2020 to June 4, 2020", None),
    ],
)
def test_days(text: str, day: tuple[int, int, int] | None) -> None:
    assert dates.day(text) == (date(*day) if day else None)


HEADINGS = [
    ("com", "Date First Available", "May 3, 2020"),
    ("com", "Date first available at Amazon.com", "May 3, 2020"),
    ("co.uk", "Date First Available", "3 May 2020"),
    ("de", "Im Angebot von Amazon.de seit", "3. Mai 2020"),
    ("fr", "Date de mise en ligne sur Amazon.fr", "3 mai 2020"),
    ("it", "Disponibile su Amazon.it a partire dal", "3 maggio 2020"),
    ("es", "Producto en Amazon.es desde", "3 mayo 2020"),
    ("com.br", "Disponível para compra desde", "3 maio 2020"),
    ("nl", "Datum eerste beschikbaarheid", "3 mei 2020"),
    ("se", "Datum då produkten först blev tillgänglig", "3 maj 2020"),
    ("pl", "Data pierwszej dostępności", "3 maja 2020"),
    ("com.tr", "Satışa Sunulduğu İlk Tarih", "3 Mayıs 2020"),
    ("co.jp", "Amazon.co.jp での取り扱い開始日", "2020/5/3"),
    ("ae", "تاريخ توفر أول منتج", "3 مايو 2020"),
]
NO_HEADINGS = [
    ("com", "Release date", "May 3, 2020"),
    ("com", "Publication date", "May 3, 2020"),
    ("de", "Erscheinungstermin", "3. Mai 2020"),
    ("co.jp", "発売日", "2020/5/3"),
]
TABLE = '<div id="prodDetails"><table id="productDetails_detailBullets_sections1"><tr><th> {} </th><td> {} </td></tr></table></div>'
BULLETS = (
    '<div id="detailBullets_feature_div"><ul><li><span class="a-list-item"><span class="a-text-bold">{} &rlm; : &lrm; '
    "</span><span>{}</span></span></li></ul></div>"
)
OLD = '<div id="detail-bullets"><div class="content"><ul><li><b>{}:</b> {}</li></ul></div></div>'


@pytest.mark.parametrize("markup", [TABLE, BULLETS, OLD])
@pytest.mark.parametrize(("code", "heading", "value"), HEADINGS + NO_HEADINGS)
def test_since_when_a_product_is_on_the_site(markup: str, code: str, heading: str, value: str) -> None:
    got = product(code, below=markup.format(heading, value)).first_available
    assert got == (date(2020, 5, 3) if (code, heading, value) in HEADINGS else None)


@pytest.mark.parametrize(
    ("line", "country"),
    [
        ("Reviewed in the United States on March 22, 2026", "United States"),
        ("Reviewed in the United Kingdom 🇬🇧 on 3 May 2022", "United Kingdom"),
        ("Reviewed in Canada on May 5, 2022", "Canada"),
        ("Rezension aus Deutschland vom 3. Mai 2020", "Deutschland"),
        ("Bewertet in Deutschland am 3. Mai 2022", "Deutschland"),
        ("Commenté en France le 3 mai 2021", "France"),
        ("Évalué en France 🇫🇷 le 3 mai 2022", "France"),
        ("Examiné au Canada le 3 mai 2020", "Canada"),
        ("Avis laissé en France le 3 mai 2024", "France"),
        ("Revisado en España el 3 de mayo de 2020", "España"),
        ("Reseñado en España el 3 de mayo de 2020", "España"),
        ("Calificado en México el 3 de mayo de 2020", "México"),
        ("Recensito in Italia il 3 maggio 2020", "Italia"),
        ("Recensito negli Stati Uniti il 3 maggio 2020", "Stati Uniti"),
        ("Avaliado no Brasil em 3 de maio de 2020", "Brasil"),
        ("Beoordeeld in het Verenigd Koninkrijk op 3 mei 2021", "Verenigd Koninkrijk"),
        ("Recenserad i Sverige den 3 maj 2021", "Sverige"),
        ("Recenzja napisana w Polsce dnia 3 maja 2021", "Polsce"),
        ("3 Mayıs 2021 tarihinde Türkiye'de değerlendirildi", "Türkiye"),
        ("Türkiye’de 3 Mayıs 2021 tarihinde değerlendirildi", "Türkiye"),
        ("3 Mayıs 2021 tarihinde Birleşik Krallık'ta değerlendirildi", "Birleşik Krallık"),
        ("2019年3月12日に日本でレビュー済み", "日本"),
        ("2022年5月3日 在美国审核", "美国"),
        ("تمت المراجعة في الإمارات العربية المتحدة في 3 مايو 2021", "الإمارات العربية المتحدة"),
        ("March 22, 2016", None),
    ],
)
def test_countries_of_reviews(line: str, country: str | None) -> None:
    assert phrases.country_of_review(line) == country


@pytest.mark.parametrize(
    ("first", "second", "place"),
    [
        ("Deliver to", "New York 10001", "New York 10001"),
        ("Delivering to El Paso 79902", "Update location", "El Paso 79902"),
        ("Delivering to Dubai", "Update location", "Dubai"),
        ("Deliver to Zaid", "Riyadh 12211", "Riyadh 12211"),
        ("Deliver to Zaid", "Netherlands", None),  # a name, or a place?
        ("Deliver to", "Ciudad Ju... 32575", "Ciudad Ju... 32575"),
        ("Dispatch to", "Netherlands", "Netherlands"),
        ("Liefern nach", "Niederlande", "Niederlande"),
        ("Lieferung an Hans", "10115 Berlin", "10115 Berlin"),
        ("Votre adresse de livraison:", "États-Unis", "États-Unis"),
        ("Livraison à Paris 75001", "Mettre à jour l’emplacement", "Paris 75001"),
        ("Dirección de entrega:", "Países Bajos", "Países Bajos"),
        ("Enviar a Juan", "Madrid 28001", "Madrid 28001"),
        ("Consegna a Roma 00118", "Aggiorna posizione", "Roma 00118"),
        ("Bezorgen in", "Verenigde Staten", "Verenigde Staten"),
        ("Leverans till 111 20 Stockholm", "Uppdatera plats", "111 20 Stockholm"),
        ("Dostawa do", "Niemcy", "Niemcy"),
        ("Teslimat adresi", "Türkiye", "Türkiye"),
        ("Teslimat konumu: İstanbul 34000", "Konumu güncelle", "İstanbul 34000"),
        ("お届け先 太郎", "東京都 100-0001", "東京都 100-0001"),
        ("配送先", "アメリカ合衆国", "アメリカ合衆国"),
        ("التوصيل إلى دبي", "تحديث الموقع", "دبي"),
        *((first, second, None) for first, second in (
            ("Hello", "Select your address"),
            ("Deliver to", "Select your address"),
            ("Deliver to Select your address", ""),
            ("Hallo", "Adresse wählen"),
            ("Lieferadresse wählen", ""),
            ("Bonjour", "Entrez votre adresse"),
            ("Hola", "Elige tu dirección"),
            ("Ciao", "Scegli il tuo indirizzo"),
            ("Olá", "Selecione o endereço"),
            ("Hallo", "Kies je adres"),
            ("Hej", "Välj din adress"),
            ("Witaj", "Wybierz swój adres"),
            ("Teslimat adresini seçin", ""),
            ("お届け先を選択", ""),
            ("مرحباً", "اختر عنوانك"),
        )),
    ],
)  # fmt: skip
def test_places_of_delivery(first: str, second: str, place: str | None) -> None:
    assert phrases.place_delivered_to(first, second) == place
