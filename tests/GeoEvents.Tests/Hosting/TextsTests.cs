using System.Text;
using System.Text.Json;
using CsCheck;
using GeoEvents.Hosting;

namespace GeoEvents.Tests.Hosting;

public class TextsTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("$", "")]
    [InlineData("$.title", "/title")]
    [InlineData("$.links[0].actor", "/links/0/actor")]
    [InlineData("$.changes['a.b'].c", "/changes/a.b/c")]
    [InlineData("$['a/b~c']", "/a~1b~0c")]
    [InlineData("$[3][4]", "/3/4")]
    public void A_path_of_the_serializer_becomes_a_JSON_pointer(string? path, string pointer) => Body.PointerOf(path).ShouldBe(pointer);

    [Theory]
    [InlineData("{}", null)]
    [InlineData("{\"a\":null,\"b\":[1,{\"c\":null}]}", null)]
    [InlineData("[null]", "/0")]
    [InlineData("{\"a\":[1,2,null]}", "/a/2")]
    [InlineData("{\"x\":{\"y\":[]},\"a\":[{\"b\":[[],[3,null]]}]}", "/a/0/b/1/1")]
    [InlineData("{\"a/b\":[null]}", "/a~1b/0")]
    public void A_null_in_a_list_is_found(string json, string? pointer) => NullElements.First(Encoding.UTF8.GetBytes(json)).ShouldBe(pointer);

    [Theory]
    [InlineData("text", true, false, null)]
    [InlineData("", true, false, "required")]
    [InlineData(" \t", true, false, "required")]
    [InlineData(" ", false, false, "required")]
    [InlineData(null, true, false, "required")]
    [InlineData(null, false, false, null)]
    [InlineData("", false, false, null)]
    [InlineData("12345678901", true, false, "too-long")]
    [InlineData("a\nb", true, false, "control-character")]
    [InlineData("a\nb\tc", true, true, null)]
    [InlineData("a\0b", true, true, "control-character")]
    [InlineData("a\u009bb", true, true, "control-character")]
    public void A_text_is_bounded_and_free_of_control_characters(string? text, bool required, bool multiline, string? fault) =>
        (TextRules.Fault(text, 10, required, multiline)?.Code).ShouldBe(fault);

    [Theory]
    [InlineData("https://example.org/a?b=c", true)]
    [InlineData("http://example.org", true)]
    [InlineData("ftp://example.org", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("/relative", false)]
    [InlineData("https://example.org/\n", false)]
    public void A_web_address_is_http_or_https(string url, bool valid) => TextRules.IsWebAddress(url, 100).ShouldBe(valid);

    [Fact]
    public void A_cursor_reads_back_and_nothing_else_does()
    {
        Cursor.Read(Cursor.Write("12", "34", "x"), 3).ShouldBe(["12", "34", "x"]);
        Cursor.Read(null, 3).ShouldBeNull();
        Should.Throw<InvalidRequestException>(() => Cursor.Read(Cursor.Write("12"), 3));
        Should.Throw<InvalidRequestException>(() => Cursor.Read("*", 3)).Problems.Single().Parameter.ShouldBe("after");
    }

    [Theory]
    [InlineData("\"2025-01-01T00:00:00Z\"", "\"2025-01-01T00:00:00Z\"")]
    [InlineData("\"2025-01-01T04:00:00.1234567+04:00\"", "\"2025-01-01T00:00:00.123456Z\"")]
    public void An_instant_is_written_in_UTC_to_the_microsecond(string json, string written) =>
        JsonSerializer.Serialize(JsonSerializer.Deserialize<DateTimeOffset>(json, GeoJson.Options), GeoJson.Options).ShouldBe(written);

    [Theory]
    [InlineData("\"2025-01-01T00:00:00\"")]
    [InlineData("\"2025-01-01\"")]
    [InlineData("1735689600")]
    public void An_instant_without_an_offset_is_nobodys(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<DateTimeOffset>(json, GeoJson.Options));

    /// <summary>What is known without the whole grammar is what the grammar allows.</summary>
    [Fact]
    public void A_web_address_is_one_however_it_is_checked() => Gen.String[Gen.Char["abzAZ09.-:/@[]%?#&= ü<\t"], 0, 20].Array[2].Sample(parts =>
    {
        var url = $"https://{parts[0]}.org/{parts[1]}";
        TextRules.IsWebAddress(url, 100).ShouldBe(
            Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == "https" && !url.Any(char.IsControl), url);
    });
}
