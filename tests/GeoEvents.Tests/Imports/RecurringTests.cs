using System.Text;
using CsCheck;
using GeoEvents.Imports.Formats;

namespace GeoEvents.Tests.Imports;

public class RecurringTests
{
    /// <summary>In so little room that meanings push each other out.</summary>
    [Fact]
    public void What_is_remembered_is_what_would_be_read_anew() => Gen.String[Gen.Char['a', 'c'], 0, 20].Array[1, 200].Sample(texts =>
    {
        var recurring = new Recurring<string>(Encoding.UTF8.GetString, room: 8);

        texts.Select(t => recurring.Of(Encoding.UTF8.GetBytes(t))).ShouldBe(texts);
    });
}
