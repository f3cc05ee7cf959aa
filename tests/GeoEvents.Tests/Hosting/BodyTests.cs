using System.Text;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Tests.Hosting;

public class BodyTests
{
    [Theory]
    [InlineData("[1]")]
    [InlineData(" \"text\"")]
    [InlineData("5")]
    public void What_is_no_object_is_told_so(string body) => Fault(body).ShouldBe(("", "It has to be a JSON object."));

    [Fact]
    public void A_value_of_the_wrong_kind_is_named_by_its_field() => Fault("""{"title":5}""").ShouldBe(("/title", "The value does not fit this field."));

    private static (string?, string) Fault(string body)
    {
        var problem = Should.Throw<InvalidRequestException>(() => Body.Parse<IncidentDraft>(Encoding.UTF8.GetBytes(body))).Problems.Single();
        return (problem.Pointer, problem.Detail);
    }
}
