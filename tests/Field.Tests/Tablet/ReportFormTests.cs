using System.Text.Json;
using Field.MapApp.Tablet;
using Field.Tests.Access;
using Field.Tests.Store;

namespace Field.Tests.Tablet;

public sealed class ReportFormTests
{
    private const string Good = """
        { "title": "公園の点検", "x-title-en": "Park check", "type": "object", "required": ["state"],
          "properties": { "state": { "type": "string", "title": "状態", "enum": ["良", "要修繕"], "x-enum-en": ["good", "repair"] },
            "height": { "type": "number", "title": "高さ m", "minimum": 0, "maximum": 12.5 }, "seen": { "type": "string", "format": "date", "title": "確認日" },
            "closed": { "type": "boolean", "title": "閉鎖した" }, "people": { "type": "integer", "title": "人数", "minimum": 0 } } }
        """;

    [Fact]
    public async Task Forms_of_the_data_folder_are_served_with_their_names_as_ids()
    {
        await using AccessHost host = await AccessHost.StartAsync(o =>
        {
            Directory.CreateDirectory(Path.Combine(o.DataDirectory, "forms"));
            File.WriteAllText(Path.Combine(o.DataDirectory, "forms", "park.json"), Good);
            return o;
        });
        using JsonDocument answer = JsonDocument.Parse(await host.Browser().GetStringAsync("/api/v1/report-forms", AccessHost.Token));
        JsonElement form = Assert.Single(answer.RootElement.GetProperty("forms").EnumerateArray());
        Assert.Equal("park", form.GetProperty("$id").GetString());
        Assert.Equal("要修繕", form.GetProperty("properties").GetProperty("state").GetProperty("enum")[1].GetString());
    }

    [Theory]
    [InlineData("{", "json")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("""{ "title": "a", "type": "object", "properties": {} }""", "1 to 40 properties")]
    [InlineData("""{ "title": "a", "type": "object", "properties": { "a": { "type": "array", "title": "a" } } }""", "type must be one of")]
    [InlineData("""{ "title": "a", "type": "object", "properties": { "a": { "type": "string", "title": "a", "pattern": "(a+)+" } } }""", "pattern is not a keyword")]
    [InlineData("""{ "title": "a", "type": "object", "properties": { "a": { "type": "string" } } }""", "title must be a text")]
    [InlineData("""{ "title": "a", "type": "object", "properties": { "a": { "type": "number", "title": "a", "minimum": 3, "maximum": 2 } } }""", "minimum 3 is above maximum 2")]
    [InlineData("""{ "title": "a", "type": "object", "required": ["b"], "properties": { "a": { "type": "number", "title": "a" } } }""", "/required")]
    [InlineData("""{ "title": "a", "type": "object", "properties": { "a": { "type": "string", "title": "a", "enum": ["x", "x"] } } }""", "different texts")]
    [InlineData("""{ "title": "a", "title": "b", "type": "object", "properties": { "a": { "type": "string", "title": "a" } } }""", "json")]
    public void Form_that_the_tablet_could_not_ask_stops_the_start(string text, string why)
    {
        using TempFolder folder = new();
        Directory.CreateDirectory(folder.Path("forms"));
        File.WriteAllText(folder.Path("forms/good.json"), Good);
        File.WriteAllText(folder.Path("forms/wrong.json"), text);
        FieldException refused = Assert.Throws<FieldException>(() => ReportForms.Load(folder.Root));
        Assert.Contains("wrong.json", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("good.json", refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void No_folder_means_no_forms()
    {
        using TempFolder folder = new();
        Assert.Empty(ReportForms.Load(folder.Root).All);
    }
}
