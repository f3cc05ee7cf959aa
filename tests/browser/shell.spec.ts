import { accessible, expect, test } from './fixtures';

test('an unknown address says so and leads back', async ({ page, workspace }) => {
  await page.goto(workspace.page('nowhere'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nothing is here');
  await accessible(page);
  await page.getByRole('link', { name: 'To the board' }).click();
  await expect(page).toHaveURL(workspace.page());
});

test('keys lead from page to page, and the help says which', async ({ page, workspace }) => {
  await page.goto(workspace.page('nowhere'));
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('log an incident');
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await expect(page).toHaveURL(workspace.page('alerts'));
  await page.keyboard.press('l');
  await expect(page).toHaveURL(workspace.page('log'));
});


test('the page may not run what is not a file of its origin', async ({ page, workspace, breaksPolicy }) => {
  breaksPolicy.expected = true;
  const answer = await page.goto(workspace.page());
  const policy = answer?.headers()['content-security-policy'] ?? '';
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain('unsafe-inline');
  const refused = await page.evaluate(() => {
    try {
      document.createElement('div').innerHTML = '<b>x</b>';
      return false;
    } catch {
      return true;
    }
  });
  expect(refused).toBe(true);
});
