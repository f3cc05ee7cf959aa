using System.Net;
using GeoEvents.Delivery.Webhooks;
using GeoEvents.Hosting;
using Microsoft.Extensions.Configuration;

namespace GeoEvents.Tests.Delivery;

public class WebhookAddressesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    public void What_only_the_service_can_reach_is_out_of_reach(string address) =>
        Addresses().MayReach(IPAddress.Parse(address)).ShouldBeFalse();

    [Theory]
    [InlineData("93.184.215.14")]
    [InlineData("2606:2800:21f:cb07:6820:80da:af6b:8b2c")]
    public void The_internet_is_in_reach(string address) => Addresses().MayReach(IPAddress.Parse(address)).ShouldBeTrue();

    [Fact]
    public void A_listed_network_is_in_reach_and_its_neighbours_are_not()
    {
        var addresses = Addresses("10.1.0.0/16, 127.0.0.1/32");
        addresses.MayReach(IPAddress.Parse("10.1.255.1")).ShouldBeTrue();
        addresses.MayReach(IPAddress.Parse("127.0.0.1")).ShouldBeTrue();
        addresses.MayReach(IPAddress.Parse("10.2.0.1")).ShouldBeFalse();
        addresses.MayReach(IPAddress.Parse("127.0.0.2")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("http://93.184.215.14/x", "not-https")]
    [InlineData("https://user@93.184.215.14/x", "user-info")]
    [InlineData("https://93.184.215.14/x#y", "malformed")]
    [InlineData("https://2130706433/", "private-address")]
    [InlineData("https://0x7f.1/", "private-address")]
    [InlineData("https://localhost/", "private-address")]
    [InlineData("file:///etc/passwd", "malformed")]
    [InlineData("", "required")]
    public async Task A_bad_address_is_refused_with_the_reason(string url, string code) =>
        (await Addresses().Fault(url, "/webhook/url", Cancel))!.Code.ShouldBe(code);

    [Fact]
    public async Task A_good_address_is_none_to_find_fault_with() =>
        (await Addresses().Fault("https://93.184.215.14:8443/x?y=z", "/webhook/url", Cancel)).ShouldBeNull();

    [Fact]
    public void What_is_no_network_keeps_the_service_from_starting() =>
        Should.Throw<StartupException>(() => Addresses("intranet")).Message.ShouldContain("'intranet' is no network");

    private static WebhookAddresses Addresses(string networks = "") =>
        new(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [WebhookAddresses.NetworksKey] = networks }).Build());
}
