using System.Globalization;
using Field.Contracts.Locks;

namespace Field.EdgeAgent.Locks;

/// <summary>
/// Keeps the codes in hardware that checks them by itself in step with the grants: a grant without a PIN has the key box code of its
/// slot, which the lock computes, so the code is in the hardware while the slot lasts and travels on no topic of Field.
/// </summary>
internal sealed class CodeKeeper(LockIdentity identity, LockPolicy policy, LockMemory memory, IReadOnlyList<int> users)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    private DateTimeOffset _next;
    private (long Version, string Wanted) _asked;

    /// <summary>What the hardware still has to be told. Repeated every 30 s until it is.</summary>
    public IReadOnlyList<LockOutput> Due(DateTimeOffset now)
    {
        if (users.Count == 0)
        {
            return [];
        }

        LockGrant[] wanted = [.. (memory.Grants?.Grants ?? []).Where(g => g.Pin is null && g.Slot.Contains(now, policy.Tolerance) && !memory.IsUsed(g.GrantId))];
        (long, string) asked = (memory.Grants?.Version ?? 0, string.Join(' ', wanted.Select(Key)));
        if (asked == _asked && now < _next)
        {
            return [];
        }

        (_asked, _next) = (asked, now + Again);
        List<LockOutput> outputs = [];
        foreach ((int user, _) in memory.Codes.Where(c => wanted.All(g => Key(g) != c.Value)))
        {
            outputs.Add(new LockOutput.SetCode(new CodeSlot(user, null), null));
        }

        Queue<int> free = new(users.Where(u => !memory.Codes.ContainsKey(u)));
        foreach (LockGrant grant in wanted.Where(g => !memory.Codes.Values.Contains(Key(g))))
        {
            if (free.TryDequeue(out int user))
            {
                PinEntry code = PinEntry.TryCreate(KeyBoxCode.Compute(identity.Secret, identity.LockId, grant.Slot))!;
                outputs.Add(new LockOutput.SetCode(new CodeSlot(user, Key(grant)), code));
            }
        }

        return outputs;
    }

    /// <summary>Names the grant when the hardware named one of our user slots.</summary>
    public LockEvent WithGrant(LockEvent e) => e is { By: "user", User: { } user } && memory.Codes.TryGetValue((int)user, out string? key)
        ? e with { By = "grant", GrantId = key.Split('|')[0] }
        : e;

    /// <summary>A grant whose slot was moved has another code.</summary>
    private static string Key(LockGrant grant) => string.Create(
        CultureInfo.InvariantCulture, $"{grant.GrantId}|{grant.Slot.Start.ToUnixTimeSeconds()}|{grant.Slot.End.ToUnixTimeSeconds()}");
}
