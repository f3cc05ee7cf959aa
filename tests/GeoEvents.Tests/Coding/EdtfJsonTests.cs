using System.Text.Json;
using GeoEvents.Coding;

namespace GeoEvents.Tests.Coding;

public class EdtfJsonTests
{
    private sealed record Holder(Edtf? Date);

    [Fact]
    public void It_is_written_as_its_text_and_read_back()
    {
        var json = JsonSerializer.Serialize(new Holder(Edtf.Parse("2025-02~/..")));
        json.ShouldBe("""{"Date":"2025-02~/.."}""");
        JsonSerializer.Deserialize<Holder>(json).ShouldBe(new Holder(Edtf.Parse("2025-02~/..")));
    }

    [Theory]
    [InlineData("""{"Date":"2025-13"}""", "position 5")]
    [InlineData("""{"Date":2025}""", "is a string")]
    [InlineData("""{"Date":{}}""", "is a string")]
    public void What_is_no_date_is_refused(string json, string reason) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Holder>(json)).Message.ShouldContain(reason);

    [Fact]
    public void Nothing_stays_nothing() => JsonSerializer.Deserialize<Holder>("""{"Date":null}""").ShouldBe(new Holder(null));
}
