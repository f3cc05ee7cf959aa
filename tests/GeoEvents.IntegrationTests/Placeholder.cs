namespace GeoEvents.IntegrationTests;
public class Placeholder { [Fact] public void Builds() => true.ShouldBeTrue(); }
