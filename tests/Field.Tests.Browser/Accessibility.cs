using System.Text.Json;
using Microsoft.Playwright;

namespace Field.Tests.Browser;

/// <summary>What axe-core says of a page.</summary>
internal static class Accessibility
{
    /// <summary>Fails on every serious or critical finding, and names the elements.</summary>
    public static async Task CheckAsync(IPage page)
    {
        await page.EvaluateAsync(await File.ReadAllTextAsync(WebFolder.Axe(), TestContext.Current.CancellationToken)); // past the page's policy
        JsonElement result = await page.EvaluateAsync<JsonElement>(
            "() => window.axe.run(document).then(r => ({ passes: r.passes.length, found: r.violations.filter(v => ['serious', 'critical'].includes(v.impact))"
            + ".map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.html).join(' | ')}`) }))");
        Assert.True(result.GetProperty("passes").GetInt32() > 10, "axe looked at next to nothing");
        Assert.Empty(result.GetProperty("found").EnumerateArray().Select(v => v.GetString()));
    }
}
