/* SPDX-License-Identifier: Apache-2.0
 *
 * empty - what every program costs: started by the dynamic linker, ended.
 */
int main(void)
{
    return 0;
}
