using Field.MapApp.Access;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>People with accounts, who sign in as everybody does.</summary>
internal static class Persons
{
    public const string Password = "hashi no shita ni 7 wa";

    /// <summary>Gives a person an account, opens the map and signs in with the first password, then with one of their own.</summary>
    /// <param name="browsers">Where the page is opened.</param>
    /// <param name="server">Takes the account.</param>
    /// <param name="person">What they type, what they are called, what they are.</param>
    /// <param name="query">Of the page.</param>
    /// <param name="widthPx">Of the screen.</param>
    /// <param name="heightPx">Of the screen.</param>
    public static async Task<IPage> OpenAsync(Browsers browsers, RealServer server, (string Name, string DisplayName, string Role) person, string query, int widthPx, int heightPx)
    {
        string first = await server.Administration.AddAsync(person.Name, person.DisplayName, [person.Role], null, TestContext.Current.CancellationToken);
        await server.Find<AccountDirectory>().LookAsync(TestContext.Current.CancellationToken); // an account of another process is seen within seconds
        IPage page = await browsers.OpenAsync(server.Address, query, ready: false, widthPx, heightPx);
        await page.Locator("input[autocomplete=username]").FillAsync(person.Name);
        await page.Locator("input[autocomplete=current-password]").FillAsync(first);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("input[autocomplete=new-password]").FillAsync(Password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => window.__field?.ready === true", null, new PageWaitForFunctionOptions { Timeout = 90_000 });
        await Expect(page.Locator(".topbar .person")).ToContainTextAsync(person.DisplayName);
        return page;
    }
}
